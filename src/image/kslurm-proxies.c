/* SPDX-License-Identifier: MIT */
#include "image/kslurm-proxies.h"

#include <string.h>

static const char *
get_either(const char *const *environ, const char *name)
{
  g_autofree char *upper = g_ascii_strup(name, -1);
  const char *value = g_environ_getenv((char **)environ, name);

  if (value == NULL || value[0] == '\0')
    value = g_environ_getenv((char **)environ, upper);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* 'proxy:3128' is how many write it */
static char *
dup_address(const char *value)
{
  if (strstr(value, "://") != NULL)
    return g_strdup(value);
  return g_strconcat("http://", value, NULL);
}

static char **
list_ignored(const char *const *environ)
{
  const char *value = get_either(environ, "no_proxy");
  g_auto(GStrv) words = g_strsplit_set(value != NULL ? value : "", ", \t", -1);
  g_autoptr(GStrvBuilder) hosts = g_strv_builder_new();

  g_strv_builder_add_many(hosts, "localhost", "127.0.0.0/8", "::1", NULL);
  for (gsize i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_strv_builder_add(hosts, words[i]);
  return g_strv_builder_end(hosts);
}

static gboolean
ignores_all(char **hosts)
{
  return g_strv_contains((const char *const *)hosts, "*");
}

/**
 * kslurm_proxies_new: (skip)
 * @environ: (array zero-terminated=1): an environment
 *
 * Reads 'http_proxy', 'https_proxy', 'all_proxy' and 'no_proxy', in either case.
 *
 * Returns: (transfer full) (nullable): what knows through whom to go; %NULL when nobody is
 *   named. GIO looks at what a desktop has set whenever there is any resolver.
 */
GProxyResolver *
kslurm_proxies_new(const char *const *environ)
{
  static const char *const schemes[] = {"http", "https"};
  g_auto(GStrv) ignored = list_ignored(environ);
  const char *all = get_either(environ, "all_proxy");
  g_autofree char *fallback = all != NULL ? dup_address(all) : g_strdup("direct://");
  g_autoptr(GProxyResolver) resolver = g_simple_proxy_resolver_new(fallback, ignored);
  gboolean named = all != NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
    g_autofree char *name = g_strconcat(schemes[i], "_proxy", NULL);
    const char *value = get_either(environ, name);
    g_autofree char *address = value != NULL ? dup_address(value) : NULL;

    if (address != NULL)
      g_simple_proxy_resolver_set_uri_proxy(G_SIMPLE_PROXY_RESOLVER(resolver), schemes[i],
                                            address);
    named |= address != NULL;
  }
  return named && !ignores_all(ignored) ? g_steal_pointer(&resolver) : NULL;
}
