/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-text.h"

static void
test_clean(void)
{
  static const char *const pairs[][2] = {{"plain\n\t", "plain\n\t"},
                                         {"\033[2Jx\007", "[2Jx"},
                                         {"a\xc2\x9b"
                                          "31mb",
                                          "a31mb"},
                                         {"é", "é"},
                                         {"\xff", "\xef\xbf\xbd"}};

  for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
    g_autofree char *clean = kslurm_text_clean(pairs[i][0]);

    g_assert_cmpstr(clean, ==, pairs[i][1]);
  }
}

static void
test_closest(void)
{
  static const char *const words[] = {"account", "pipdir", "list", NULL};

  g_assert_cmpstr(kslurm_text_closest("acount", words), ==, "account");
  g_assert_cmpstr(kslurm_text_closest("lst", words), ==, "list");
  g_assert_null(kslurm_text_closest("x", words));
  g_assert_null(kslurm_text_closest("elephant", words));
}

static void
test_table(void)
{
  char *one[] = {(char *)"a", (char *)"1", NULL},
       *two[] = {(char *)"bé", (char *)"20", NULL};
  g_autoptr(GPtrArray) rows = g_ptr_array_new();
  g_autofree char *table = NULL;

  g_ptr_array_add(rows, one);
  g_ptr_array_add(rows, two);
  table = kslurm_text_table(rows, "lr");
  g_assert_cmpstr(table, ==, "a    1\nbé  20\n");
}

static void
test_is_line(void)
{
  g_assert_true(kslurm_text_is_line(""));
  g_assert_true(kslurm_text_is_line("a b é 中"));
  g_assert_false(kslurm_text_is_line("a\nb"));
  g_assert_false(kslurm_text_is_line("a\tb"));
  g_assert_false(kslurm_text_is_line("\033[2J"));
  g_assert_false(kslurm_text_is_line("\xc2\x9b"));
  g_assert_false(kslurm_text_is_line("\xff"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/text/clean", test_clean);
  g_test_add_func("/text/closest", test_closest);
  g_test_add_func("/text/table", test_table);
  g_test_add_func("/text/is-line", test_is_line);
  return g_test_run();
}
