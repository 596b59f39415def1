/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-dialect.h"

#include "unit.h"

static void
test_parse(void)
{
  for (int i = 0; i < KSLURM_N_DIALECTS; i++) {
    KslurmDialect dialect = KSLURM_DIALECT_BASH;

    g_assert_true(
        kslurm_dialect_parse(kslurm_dialect_get_name((KslurmDialect)i), &dialect, NULL));
    g_assert_cmpint(dialect, ==, i);
  }
}

static void
test_unknown(void)
{
  KslurmDialect dialect = KSLURM_DIALECT_ZSH;
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_dialect_parse("csh", &dialect, &error));
  unit_assert_usage(error, "'csh' is no shell that kslurm knows; take bash, zsh or fish");
  g_assert_cmpint(dialect, ==, KSLURM_DIALECT_ZSH);
}

static void
test_guess(void)
{
  g_assert_cmpint(kslurm_dialect_guess("/usr/bin/zsh"), ==, KSLURM_DIALECT_ZSH);
  g_assert_cmpint(kslurm_dialect_guess("fish"), ==, KSLURM_DIALECT_FISH);
  g_assert_cmpint(kslurm_dialect_guess("/bin/tcsh"), ==, KSLURM_DIALECT_BASH);
  g_assert_cmpint(kslurm_dialect_guess(""), ==, KSLURM_DIALECT_BASH);
  g_assert_cmpint(kslurm_dialect_guess(NULL), ==, KSLURM_DIALECT_BASH);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dialect/parse", test_parse);
  g_test_add_func("/dialect/unknown", test_unknown);
  g_test_add_func("/dialect/guess", test_guess);
  return g_test_run();
}
