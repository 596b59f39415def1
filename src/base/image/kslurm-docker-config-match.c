/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/image/kslurm-docker-config-private.h"

#define HUB "docker.io"
#define HUB_KEY "https://index.docker.io/v1/"

static const char *const hub_names[] = {HUB, "index.docker.io", "registry-1.docker.io",
                                        NULL};

static const char *
skip_scheme(const char *key)
{
  const char *mark = strstr(key, "://");

  return mark != NULL ? mark + strlen("://") : key;
}

static gboolean
is_host(const char *key, gsize length, const char *host)
{
  g_autofree char *given = g_ascii_strdown(key, (gssize)length);

  return g_str_equal(given, host) ||
         (g_str_equal(host, HUB) && g_strv_contains(hub_names, given));
}

/* '/v1/' and '/v2/' are where a registry's interface is, and no part of a name */
static gboolean
is_interface(const char *path)
{
  return path[0] == '\0' || g_str_equal(path, "v1") || g_str_equal(path, "v2");
}

/**
 * kslurm_docker_config_match: (skip)
 * @key: of an entry: a host, an address, or a host and the beginning of a name
 * @host: a registry
 * @repository: (nullable): a repository of it
 *
 * Returns: how well @key fits, the length of what it says; -1 when it is for others
 */
int
kslurm_docker_config_match(const char *key, const char *host, const char *repository)
{
  const char *begin = skip_scheme(key);
  gsize length = strcspn(begin, "/");
  g_autofree char *path = g_strdup(begin[length] == '/' ? begin + length + 1 : "");
  gsize size = strlen(path);

  if (!is_host(begin, length, host))
    return -1;
  while (size > 0 && path[size - 1] == '/')
    path[--size] = '\0';
  /* of two that say the same the plain host is what podman writes, and newer */
  if (is_interface(path))
    return g_str_equal(key, host) ? 1 : 0;
  if (repository == NULL || !g_str_has_prefix(repository, path) ||
      (repository[size] != '\0' && repository[size] != '/'))
    return -1;
  return (int)MIN(size + 1, G_MAXINT);
}

/**
 * kslurm_docker_config_get_key: (skip)
 * @host: a registry
 *
 * Returns: (transfer none): what docker calls it in its files, and to its helpers
 */
const char *
kslurm_docker_config_get_key(const char *host)
{
  return g_str_equal(host, HUB) ? HUB_KEY : host;
}
