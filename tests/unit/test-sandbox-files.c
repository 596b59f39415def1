/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/sandbox/kslurm-sandbox-files.h"

static const guint ports[] = {50001, 50002, 50003, 50004};

static KslurmSandboxSpec *
make_spec(void)
{
  g_autoptr(GError) error = NULL;
  KslurmSandboxSpec *spec = kslurm_sandbox_spec_new("/tmp/s", &error);

  g_assert_no_error(error);
  return spec;
}

static char *
make_conf(const KslurmSandboxSpec *spec, gboolean renamed)
{
  return kslurm_sandbox_files_slurm_conf(spec, ports, "me", "host", "127.0.0.1", renamed);
}

static void
test_nodes(void)
{
  g_autoptr(KslurmSandboxSpec) spec = make_spec();
  g_autofree char *conf = make_conf(spec, FALSE);

  g_assert_nonnull(strstr(conf, "\nSlurmctldHost=host(127.0.0.1)\nSlurmctldPort=50001\n"));
  g_assert_nonnull(strstr(conf, "NodeName=node2 NodeHostname=host NodeAddr=127.0.0.1 "
                                "Port=50003 CPUs=8 RealMemory=32000 Gres=gpu:a100:2"));
  g_assert_null(strstr(conf, "NodeName=node3"));
  g_assert_null(strstr(conf, "50004"));
}

static void
test_options(void)
{
  g_autoptr(KslurmSandboxSpec) spec = make_spec();
  g_autofree char *plain = NULL;

  spec->gpus = 0;
  spec->tmpdir = FALSE;
  spec->accounting = TRUE;
  plain = make_conf(spec, FALSE);
  g_assert_null(strstr(plain, "Gres=gpu"));
  g_assert_null(strstr(plain, "TaskProlog"));
  g_assert_nonnull(strstr(plain, "AccountingStoragePort=50004\n"));
}

static void
test_renamed(void)
{
  g_autoptr(KslurmSandboxSpec) spec = make_spec();
  g_autofree char *plain = make_conf(spec, FALSE);
  g_autofree char *renamed = make_conf(spec, TRUE);

  g_assert_nonnull(strstr(plain, ",NoInAddrAny\n"));
  g_assert_null(strstr(renamed, "NoInAddrAny"));
}

static void
test_cgroup(void)
{
  static const struct {
    const char *version, *conf;
  } cases[] = {{"slurm 20.11.9", ""},
               {"slurm-wlm 22.05.8", "CgroupPlugin=cgroup/v1\n"},
               {"slurm-wlm 23.11.4", "CgroupPlugin=autodetect\n"},
               {"slurm-wlm 24.11.5", "CgroupPlugin=disabled\n"},
               {"slurm 26.05.0-0rc1", "CgroupPlugin=disabled\n"},
               {"", ""}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpstr(kslurm_sandbox_files_cgroup_conf(cases[i].version), ==, cases[i].conf);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/sandbox/files/nodes", test_nodes);
  g_test_add_func("/sandbox/files/options", test_options);
  g_test_add_func("/sandbox/files/renamed", test_renamed);
  g_test_add_func("/sandbox/files/cgroup", test_cgroup);
  return g_test_run();
}
