/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-environment.h"

#include <unistd.h>

static gboolean
is_slurm_variable(const char *entry)
{
  static const char *const prefixes[] = {"SLURM",   "SRUN_", "SBATCH_", "SALLOC_", "SINFO_",
                                         "SQUEUE_", "SACCT", "PMI",     "MUNGE_"};

  for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
    if (g_str_has_prefix(entry, prefixes[i]))
      return TRUE;
  }
  return FALSE;
}

/**
 * kslurm_sandbox_environment_dup_user: (skip)
 * @spec: a sandbox
 *
 * Returns: (transfer full): the caller's environment without another cluster's job and
 *   settings, pointing to the sandbox
 */
char **
kslurm_sandbox_environment_dup_user(const KslurmSandboxSpec *spec)
{
  GPtrArray *clean = g_ptr_array_new();

  for (char **p = environ; *p != NULL; p++) {
    if (!is_slurm_variable(*p))
      g_ptr_array_add(clean, g_strdup(*p));
  }
  g_ptr_array_add(clean, g_strdup_printf("SLURM_CONF=%s/slurm.conf", spec->dir));
  g_ptr_array_add(clean, NULL);
  return (char **)g_ptr_array_free(clean, FALSE);
}

/**
 * kslurm_sandbox_environment_dup_daemon: (skip)
 * @spec: a sandbox
 *
 * Returns: (transfer full): the environment of its daemons, with a mark to find them by
 */
char **
kslurm_sandbox_environment_dup_daemon(const KslurmSandboxSpec *spec)
{
  g_autofree char *socket = kslurm_sandbox_spec_dup_path(spec, "run/mysql.sock");
  char **envp = kslurm_sandbox_environment_dup_user(spec);

  envp = g_environ_setenv(envp, "KSLURM_SANDBOX_DAEMON", spec->dir, TRUE);
  return g_environ_setenv(envp, "MYSQL_UNIX_PORT", socket, TRUE);
}
