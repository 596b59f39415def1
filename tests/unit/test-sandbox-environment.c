/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-environment.h"

static void
test_user(void)
{
  static const struct {
    const char *name, *kept;
  } cases[] = {{"SLURM_JOB_ID", NULL},     {"SLURMD_NODENAME", NULL},
               {"SRUN_DEBUG", NULL},       {"SBATCH_ACCOUNT", NULL},
               {"SALLOC_TIMELIMIT", NULL}, {"PMIX_RANK", NULL},
               {"SACCT_FORMAT", NULL},     {"SQUEUE_FORMAT", NULL},
               {"MUNGE_SOCKET", NULL},     {"SLURM_CONF", "/tmp/s/slurm.conf"},
               {"MY_SLURM_JOB", "x\xff"},  {"slurm_job", "x\xff"},
               {"SRUNNER", "x\xff"}};
  g_autoptr(KslurmSandboxSpec) spec = kslurm_sandbox_spec_new("/tmp/s", NULL);
  g_auto(GStrv) envp = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_true(g_setenv(cases[i].name, "x\xff", TRUE));
  envp = kslurm_sandbox_environment_dup_user(spec);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpstr(g_environ_getenv(envp, cases[i].name), ==, cases[i].kept);
  g_assert_cmpstr(g_environ_getenv(envp, "PATH"), ==, g_getenv("PATH"));
  g_assert_null(g_environ_getenv(envp, "KSLURM_SANDBOX_DAEMON"));
}

static void
test_daemon(void)
{
  g_autoptr(KslurmSandboxSpec) spec = kslurm_sandbox_spec_new("/tmp/s", NULL);
  g_auto(GStrv) envp = kslurm_sandbox_environment_dup_daemon(spec);

  g_assert_cmpstr(g_environ_getenv(envp, "KSLURM_SANDBOX_DAEMON"), ==, "/tmp/s");
  g_assert_cmpstr(g_environ_getenv(envp, "MYSQL_UNIX_PORT"), ==, "/tmp/s/run/mysql.sock");
  g_assert_cmpstr(g_environ_getenv(envp, "SLURM_CONF"), ==, "/tmp/s/slurm.conf");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sandbox/environment/user", test_user);
  g_test_add_func("/sandbox/environment/daemon", test_daemon);
  return g_test_run();
}
