/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-quote.h"

static const char *const hostile[] = {"",
                                      "plain",
                                      "two words",
                                      "it's",
                                      "\\'",
                                      "\\'; touch F #",
                                      "\\",
                                      "\\\\'\\",
                                      "$(touch F)`x`${HOME}$HOME",
                                      "a\nb",
                                      "\n",
                                      "* ? [a] {b,c} ~",
                                      "!history !!",
                                      "-n",
                                      "\"double\"",
                                      "=ls",
                                      "é\xff\x01\x7f",
                                      "#no comment",
                                      "a;b&c|d>e<f"};

static void
round_trip(const char *shell, KslurmDialect dialect)
{
  g_autofree char *program = g_find_program_in_path(shell);

  if (program == NULL) {
    g_test_skip("the shell is not installed");
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
    g_autofree char *quoted = kslurm_shell_quote(dialect, hostile[i]);
    g_autofree char *code = g_strdup_printf("printf '<%%s>' %s", quoted);
    g_autofree char *wanted = g_strdup_printf("<%s>", hostile[i]);
    g_autofree char *output = NULL;
    char *argv[] = {program, (char *)"-c", code, NULL};
    int status = -1;

    g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                               &status, NULL));
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpstr(output, ==, wanted);
  }
}

static void
test_bash(void)
{
  round_trip("bash", KSLURM_DIALECT_BASH);
}

static void
test_zsh(void)
{
  round_trip("zsh", KSLURM_DIALECT_ZSH);
}

static void
test_fish(void)
{
  round_trip("fish", KSLURM_DIALECT_FISH);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/quote/bash", test_bash);
  g_test_add_func("/quote/zsh", test_zsh);
  g_test_add_func("/quote/fish", test_fish);
  return g_test_run();
}
