/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-node.h"

#include <string.h>

static KslurmConfig *
make_config(const char *text)
{
  KslurmConfig *config = kslurm_config_new();

  g_assert_true(kslurm_config_add_data(config, "test", text, strlen(text), NULL));
  return config;
}

static void
test_compute(void)
{
  static const char *const nowhere[] = {"SLURM_JOB_ID=7", "HOSTNAME=node1", NULL};
  static const char *const on_node[] = {"SLURMD_NODENAME=n1", NULL};
  static const char *const emptied[] = {"SLURMD_NODENAME=", NULL};
  static const struct {
    const char *config;
    const char *const *environ;
    const char *host;
    gboolean compute;
  } cases[] = {
      {"", nowhere, "node1", FALSE},
      {"", on_node, "login1", TRUE},
      {"", emptied, "login1", FALSE},
      {"[kslurm]\ncompute-nodes=node* gpu*\n", nowhere, "gpu7", TRUE},
      {"[kslurm]\ncompute-nodes=node*,gpu*\n", nowhere, "gpu7.site.ca", TRUE},
      {"[kslurm]\ncompute-nodes=node?\n", nowhere, "node1.site.ca", TRUE},
      {"[kslurm]\ncompute-nodes=node*\n", nowhere, "anode1", FALSE},
      {"[kslurm]\ncompute-nodes=node*\nlogin-nodes=node1\n", nowhere, "node1", FALSE},
      {"[kslurm]\ncompute-nodes=node*\nlogin-nodes=node1\n", nowhere, "node12", TRUE},
      {"[kslurm]\ncompute-nodes=node*\n", nowhere, "", FALSE},
      {"[kslurm]\ncompute-nodes=node[1-3]\n", nowhere, "node2", TRUE},
      {"[kslurm]\ncompute-nodes=node[!1-3]\n", nowhere, "node2", FALSE},
      {"[kslurm]\ncompute-nodes=node1\\nnode2\n", nowhere, "node2", TRUE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmConfig) config = make_config(cases[i].config);

    g_test_message("%s %s", cases[i].config, cases[i].host);
    g_assert_cmpint(kslurm_node_is_compute(config, cases[i].environ, cases[i].host), ==,
                    cases[i].compute);
    g_assert_cmpint(kslurm_node_has_network(config, cases[i].environ, cases[i].host), ==,
                    !cases[i].compute);
  }
}

static void
test_network(void)
{
  static const char *const on_node[] = {"SLURMD_NODENAME=n1", NULL};
  g_autoptr(KslurmConfig) open = make_config("[compute]\nnetwork=yes\n");
  g_autoptr(KslurmConfig) closed = make_config("[compute]\nnetwork=no\n");

  g_assert_true(kslurm_node_has_network(open, on_node, "n1"));
  g_assert_false(kslurm_node_has_network(closed, on_node, "n1"));
}

static void
test_host(void)
{
  g_autofree char *host = kslurm_node_dup_host();
  g_autofree char *kernel = NULL;

  g_assert_true(g_file_get_contents("/proc/sys/kernel/hostname", &kernel, NULL, NULL));
  g_assert_cmpstr(host, ==, g_strstrip(kernel));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/node/compute", test_compute);
  g_test_add_func("/node/network", test_network);
  g_test_add_func("/node/host", test_host);
  return g_test_run();
}
