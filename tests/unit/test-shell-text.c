/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-shell-text.h"

#include <string.h>

#include "unit.h"

static const char *const setting[] = {"LAB=/lab", NULL};

static KslurmConfig *
make_config(void)
{
  KslurmConfig *config = kslurm_config_new();

  kslurm_config_override(config, "pipdir", "$LAB/it's $(x)", "test");
  kslurm_config_override(config, "compute-nodes", "node* gpu?", "test");
  kslurm_config_override(config, "compute.network", "yes", "test");
  return config;
}

static void
assert_line(const char *text, const char *line)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  g_assert_true(g_strv_contains((const char *const *)lines, line));
}

static void
test_assignments(void)
{
  g_autoptr(KslurmConfig) config = make_config();
  g_autofree char *bash = kslurm_shell_text(KSLURM_DIALECT_BASH, config, setting);
  g_autofree char *zsh = kslurm_shell_text(KSLURM_DIALECT_ZSH, config, setting);
  g_autofree char *fish = kslurm_shell_text(KSLURM_DIALECT_FISH, config, setting);

  assert_line(bash, "__kslurm_pipdir='/lab/it'\\''s $(x)'");
  assert_line(bash, "__kslurm_compute_nodes='node* gpu?'");
  assert_line(bash, "__kslurm_login_nodes=''");
  assert_line(bash, "__kslurm_network=yes");
  assert_line(zsh, "__kslurm_pipdir='/lab/it'\\''s $(x)'");
  assert_line(fish, "set -g __kslurm_pipdir '/lab/it\\'s $(x)'");
  g_assert_nonnull(strstr(bash, "--shell bash"));
  g_assert_nonnull(strstr(zsh, "--shell zsh"));
  g_assert_nonnull(strstr(fish, "--shell fish"));
}

/* a site's variable that is not set here must not end a login */
static void
test_unset_variable(void)
{
  static const char *const nothing[] = {NULL};
  g_autoptr(KslurmConfig) config = make_config();
  g_autofree char *text = kslurm_shell_text(KSLURM_DIALECT_BASH, config, nothing);

  assert_line(text, "__kslurm_pipdir=''");
  g_assert_null(kslurm_wheelhouse_dup_path(config, nothing));
}

static void
test_wheelhouse(void)
{
  g_autoptr(KslurmConfig) config = make_config();
  g_autofree char *path = kslurm_wheelhouse_dup_path(config, setting);

  g_assert_cmpstr(path, ==, "/lab/it's $(x)/wheels");
}

static void
test_uses(void)
{
  g_assert_true(kslurm_shell_text_uses("pipdir"));
  g_assert_true(kslurm_shell_text_uses("compute-nodes"));
  g_assert_true(kslurm_shell_text_uses("login-nodes"));
  g_assert_true(kslurm_shell_text_uses("compute.network"));
  g_assert_false(kslurm_shell_text_uses("account"));
  g_assert_false(kslurm_shell_text_uses("compute"));
}

static void
test_same(void)
{
  static const struct {
    const char *a, *b;
    gboolean same;
  } cases[] = {{"", "", TRUE},
               {"a\n", "a\n", TRUE},
               {"a\n", "b\n", FALSE},
               {"a\n", "a\nb\n", FALSE},
               {"a\nb\n", "a\n", FALSE},
               {"a", "a\n", FALSE},
               {"", "a", FALSE},
               {"a\n__kslurm_says_x='one'\nb\n", "a\n__kslurm_says_x='two'\nb\n", TRUE},
               {"a\nset -g __kslurm_says_x 'one'\nb\n", "a\nb\n", TRUE},
               {"a\n__kslurm_says_x=1\n", "a\n", TRUE},
               {"a\n__kslurm_says_x", "a\nb", FALSE},
               {"a\n__kslurm_network=yes\n", "a\n__kslurm_network=no\n", FALSE}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_assert_cmpint(kslurm_shell_text_is_same(cases[i].a, cases[i].b), ==, cases[i].same);
    g_assert_cmpint(kslurm_shell_text_is_same(cases[i].b, cases[i].a), ==, cases[i].same);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/shell-text/assignments", test_assignments);
  g_test_add_func("/shell-text/unset-variable", test_unset_variable);
  g_test_add_func("/shell-text/wheelhouse", test_wheelhouse);
  g_test_add_func("/shell-text/uses", test_uses);
  g_test_add_func("/shell-text/same", test_same);
  return g_test_run();
}
