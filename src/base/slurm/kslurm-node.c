/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-node.h"

#include <fnmatch.h>
#include <string.h>
#include <sys/utsname.h>

/**
 * kslurm_node_dup_host: (skip)
 *
 * Returns: (transfer full): the kernel's host name; HOSTNAME may be another machine's
 */
char *
kslurm_node_dup_host(void)
{
  struct utsname names;

  return g_strdup(uname(&names) == 0 ? names.nodename : "");
}

static gboolean
matches(KslurmConfig *config, const char *key, const char *host)
{
  const char *value = kslurm_config_get(config, key);
  g_auto(GStrv) globs = g_strsplit_set(value != NULL ? value : "", " \t\n,", -1);
  g_autofree char *brief = g_strndup(host, strcspn(host, "."));

  for (gsize i = 0; globs[i] != NULL; i++)
    if (globs[i][0] != '\0' &&
        (fnmatch(globs[i], host, 0) == 0 || fnmatch(globs[i], brief, 0) == 0))
      return TRUE;
  return FALSE;
}

/**
 * kslurm_node_is_compute: (skip)
 * @config: the configuration
 * @environ: (array zero-terminated=1): the environment
 * @host: the machine's name, of kslurm_node_dup_host()
 *
 * A job's id does not tell: the shell of a salloc on the login node has one.
 *
 * Returns: whether this is a compute node
 */
gboolean
kslurm_node_is_compute(KslurmConfig *config, const char *const *environ, const char *host)
{
  const char *name = g_environ_getenv((char **)environ, "SLURMD_NODENAME");

  if (name != NULL && name[0] != '\0')
    return TRUE;
  return matches(config, "compute-nodes", host) && !matches(config, "login-nodes", host);
}

/**
 * kslurm_node_has_network: (skip)
 * @config: the configuration
 * @environ: (array zero-terminated=1): the environment
 * @host: the machine's name, of kslurm_node_dup_host()
 *
 * Returns: whether the internet can be expected here
 */
gboolean
kslurm_node_has_network(KslurmConfig *config, const char *const *environ, const char *host)
{
  return g_strcmp0(kslurm_config_get(config, "compute.network"), "yes") == 0 ||
         !kslurm_node_is_compute(config, environ, host);
}
