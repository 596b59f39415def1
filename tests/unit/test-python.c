/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-python.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-tree.h"

static void
test_is_version(void)
{
  static const struct {
    const char *found, *wanted;
    gboolean is;
  } cases[] = {
      {"3.11.7", NULL, TRUE},      {"2.7.18", NULL, FALSE},
      {"3.11.7", "3", TRUE},       {"3.11.7", "3.11", TRUE},
      {"3.11.7", "3.1", FALSE},    {"3.1.7", "3.11", FALSE},
      {"3.11.7", "3.11.7", TRUE},  {"3.11.7", "3.11.70", FALSE},
      {"3.14.0rc1", "3.14", TRUE}, {"3.14.0rc1", "3.14.0", TRUE},
      {"30.1", "3", FALSE},        {"3.11.12", "3.11.1", FALSE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpint(kslurm_python_is_version(cases[i].found, cases[i].wanted), ==,
                    cases[i].is);
}

static void
test_names(void)
{
  g_autoptr(GPtrArray) any = kslurm_python_list_names(NULL);
  g_autoptr(GPtrArray) minor = kslurm_python_list_names("3.9.1");

  g_assert_cmpint(any->len, ==, 2);
  g_assert_cmpstr(any->pdata[0], ==, "python3");
  g_assert_cmpstr(minor->pdata[0], ==, "python3.9");
}

static void
test_modules(void)
{
  static const char text[] = "Loading things\n/cvmfs/modules/Core:\npython/\npython/3.9.6\n"
                             "python/3.11.5(default)\npython/3.11.12 <aL>\npython/2.7.18\n"
                             "Python/3.10.4-GCCcore-11.3.0\npython-build-bundle/2023a\n";
  g_auto(GStrv) all = kslurm_python_parse_modules(text, NULL);
  g_auto(GStrv) some = kslurm_python_parse_modules(text, "3.11");
  g_auto(GStrv) none = kslurm_python_parse_modules("", "3.11");
  g_autofree char *all_words = g_strjoinv(" ", all);
  g_autofree char *some_words = g_strjoinv(" ", some);

  g_assert_cmpstr(all_words, ==,
                  "python/3.11.12 python/3.11.5 python/3.9.6 Python/3.10.4-GCCcore-11.3.0");
  g_assert_cmpstr(some_words, ==, "python/3.11.12 python/3.11.5");
  g_assert_null(none[0]);
}

static void
test_find(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *python = kslurm_python_find(NULL, NULL, &error);

  g_assert_no_error(error);
  g_assert_true(g_path_is_absolute(python));
  g_assert_true(g_file_test(python, G_FILE_TEST_IS_EXECUTABLE));
}

static void
test_not_found(void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_python_find("3.99", NULL, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
  g_assert_true(g_str_has_prefix(error->message, "there is no Python 3.99 here, only: 3."));
  g_assert_nonnull(strstr(error->message, "'uv python install 3.99'"));
}

/* what pyenv and uv keep is found without them; what does not run is passed over */
static void
test_managed(void)
{
  g_autofree char *folder = g_dir_make_tmp("kslurm-python-XXXXXX", NULL);
  g_autofree char *bin = g_build_filename(folder, "cpython-3.98.1-linux/bin", NULL);
  g_autofree char *file = g_build_filename(bin, "python3", NULL);
  g_autofree char *broken = g_build_filename(folder, "cpython-3.98.2-linux/bin", NULL);
  g_autofree char *broken_file = g_build_filename(broken, "python3", NULL);
  g_autofree char *found = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint(g_mkdir_with_parents(bin, 0700), ==, 0);
  g_assert_cmpint(g_mkdir_with_parents(broken, 0700), ==, 0);
  g_assert_true(
      g_file_set_contents_full(file, "#!/bin/sh\nprintf 'kslurm 3.98.1\\n%s\\n' \"$0\"\n",
                               -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  g_assert_true(g_file_set_contents_full(broken_file, "#!/none\n", -1,
                                         G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  g_setenv("UV_PYTHON_INSTALL_DIR", folder, TRUE);
  found = kslurm_python_find("3.98", NULL, &error);
  g_unsetenv("UV_PYTHON_INSTALL_DIR");
  g_assert_no_error(error);
  g_assert_cmpstr(found, ==, file);
  g_assert_true(kslurm_tree_remove(folder, NULL));
}

static void
test_cancelled(void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel(cancellable);
  g_assert_null(kslurm_python_find("3.99", cancellable, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/python/is-version", test_is_version);
  g_test_add_func("/python/names", test_names);
  g_test_add_func("/python/modules", test_modules);
  g_test_add_func("/python/find", test_find);
  g_test_add_func("/python/not-found", test_not_found);
  g_test_add_func("/python/managed", test_managed);
  g_test_add_func("/python/cancelled", test_cancelled);
  return g_test_run();
}
