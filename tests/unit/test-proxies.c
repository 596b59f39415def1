/* SPDX-License-Identifier: MIT */
#include "image/kslurm-proxies.h"

#include "unit.h"

static const struct {
  const char *environ[5], *address, *proxy;
} cases[] = {
    {{NULL}, "https://ghcr.io/x", NULL},
    {{"https_proxy=proxy:3128", NULL}, "https://ghcr.io/x", "http://proxy:3128"},
    {{"https_proxy=proxy:3128", NULL}, "http://ghcr.io/x", "direct://"},
    {{"HTTPS_PROXY=http://proxy:1", "http_proxy=http://other:2", NULL},
     "http://ghcr.io/x",
     "http://other:2"},
    {{"HTTPS_PROXY=http://one:1", "https_proxy=http://two:2", NULL},
     "https://ghcr.io/x",
     "http://two:2"},
    {{"ALL_PROXY=socks5://s:1080", NULL}, "https://ghcr.io/x", "socks5://s:1080"},
    {{"all_proxy=http://a:1", NULL}, "http://localhost:5000/x", "direct://"},
    {{"all_proxy=http://a:1", NULL}, "http://127.0.0.1:5000/x", "direct://"},
    {{"https_proxy=http://a:1", "no_proxy=quay.io, .local ghcr.io", NULL},
     "https://ghcr.io/x",
     "direct://"},
    {{"https_proxy=http://a:1", "no_proxy=.io", NULL}, "https://ghcr.io/x", "direct://"},
    {{"https_proxy=http://a:1", "no_proxy=hcr.io", NULL},
     "https://ghcr.io/x",
     "http://a:1"},
    {{"https_proxy=http://a:1", "no_proxy=10.0.0.0/8", NULL},
     "https://10.1.2.3/x",
     "direct://"},
    {{"https_proxy=http://a:1", "all_proxy=http://a:1", "NO_PROXY=*", NULL},
     "https://ghcr.io/x",
     NULL},
    {{"https_proxy=", "HTTPS_PROXY=", NULL}, "https://ghcr.io/x", NULL}};

static void
test_lookup(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GProxyResolver) resolver = kslurm_proxies_new(cases[i].environ);
    g_auto(GStrv) found = NULL;

    g_assert_cmpint(resolver == NULL, ==, cases[i].proxy == NULL);
    if (resolver == NULL)
      continue;
    found = g_proxy_resolver_lookup(resolver, cases[i].address, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(found), ==, 1);
    g_assert_cmpstr(found[0], ==, cases[i].proxy);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/proxies/lookup", test_lookup);
  return g_test_run();
}
