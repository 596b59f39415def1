/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-name.h"
#include "base/util/kslurm-error.h"
#include "unit.h"

static void
test_clean(void)
{
  static const char *const cases[][2] = {
      {"bin/python", "bin/python"},
      {"./bin//python", "bin/python"},
      {"lib/./x/", "lib/x"},
      {".", ""},
      {"./", ""},
      {"...", "..."},
      {"..a/b..", "..a/b.."},
      {"a b/\303\251/\377\n", "a b/\303\251/\377\n"},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = kslurm_tree_name_clean(cases[i][0], &error);

    g_assert_no_error(error);
    g_assert_cmpstr(path, ==, cases[i][1]);
  }
}

static void
check_refused(const char *name, const char *why)
{
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_tree_name_clean(name, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED, why);
}

static void
test_refused(void)
{
  static const char *const out[] = {"..", "../x", "a/..", "a/../b", "./..", "a/b/../../.."};
  static const char *const absolute[] = {"/", "/etc/passwd", "//x"};

  for (guint i = 0; i < G_N_ELEMENTS(out); i++)
    check_refused(out[i], "its name leads out of the folder");
  for (guint i = 0; i < G_N_ELEMENTS(absolute); i++)
    check_refused(absolute[i], "its name is absolute");
  check_refused("", "it has no name");
  check_refused(NULL, "it has no name");
}

static void
test_long(void)
{
  g_autofree char *part = unit_repeat("x", 255);
  g_autofree char *too_long = unit_repeat("x", 256);
  g_autofree char *deep = unit_repeat("abc/", 1023);
  g_autofree char *too_deep = unit_repeat("abc/", 1025);
  g_autofree char *clean = kslurm_tree_name_clean(part, NULL);
  g_autofree char *clean_deep = kslurm_tree_name_clean(deep, NULL);

  g_assert_cmpstr(clean, ==, part);
  g_assert_cmpuint(strlen(clean_deep), ==, 4091);
  check_refused(too_long, "its name is too long");
  check_refused(too_deep, "its name is too long");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/tree-name/clean", test_clean);
  g_test_add_func("/tree-name/refused", test_refused);
  g_test_add_func("/tree-name/long", test_long);
  return g_test_run();
}
