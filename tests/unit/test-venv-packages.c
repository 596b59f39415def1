/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include "base/venv/kslurm-venv-packages.h"
#include "unit.h"

static void
assert_packages(const char *prefix, const char *wanted)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) packages = kslurm_venv_packages_list(prefix, &error);
  g_autofree char *text = packages != NULL ? g_strjoinv(" ", packages) : NULL;

  g_assert_no_error(error);
  g_assert_cmpstr(text, ==, wanted);
}

static void
test_layouts(void)
{
  static const char *const libraries[] = {"lib/python3.9",   "lib/python3.13",
                                          "lib64/python3.9", "lib/python3.13t",
                                          "lib/pypy3.10",    NULL};

  for (gsize i = 0; libraries[i] != NULL; i++) {
    g_autofree char *folder = unit_dup_folder();
    g_autofree char *prefix = g_strdup_printf("%s/%zu", folder, i);
    g_autofree char *site = g_strdup_printf("%s/%s/site-packages", prefix, libraries[i]);

    unit_write(site, "numpy-1.26.4.dist-info/METADATA", "");
    unit_write(site, "numpy/__init__.py", "");
    assert_packages(prefix, "numpy==1.26.4");
  }
}

static void
test_library_64(void)
{
  g_autofree char *prefix = unit_dup_folder();
  g_autofree char *link = g_build_filename(prefix, "lib64", NULL);

  unit_write(prefix, "lib/python3.11/site-packages/b-1.dist-info/METADATA", "");
  g_assert_cmpint(symlink("lib", link), ==, 0);
  assert_packages(prefix, "b==1");
  g_assert_cmpint(unlink(link), ==, 0);
  unit_write(prefix, "lib64/python3.11/site-packages/a-2.dist-info/METADATA", "");
  assert_packages(prefix, "a==2 b==1");
}

static void
test_names(void)
{
  g_autofree char *prefix = unit_dup_folder();
  g_autofree char *site = g_build_filename(prefix, "lib/python3.12/site-packages", NULL);
  static const char *const files[] = {
      "zope.interface-6.1.dist-info/METADATA", "scikit_learn-1.3.0.dist-info/METADATA",
      "torch-2.1.0+cu118.dist-info/METADATA", "Old_Egg-1.0.post1-py3.12.egg-info/PKG-INFO",
      "file_egg-0.1-py3.12.egg-info", "rc-1!2.0rc1.dist-info/METADATA",
      /* none of these is an installed package */
      "-ip-23.0.dist-info/METADATA", "~ip-23.0.dist-info/METADATA",
      "cut-1.0.dist-info/RECORD", "noversion.dist-info/METADATA", "-.dist-info/METADATA",
      ".dist-info/METADATA", "bad name-1.dist-info/METADATA",
      "bad\033[2J-1.dist-info/METADATA", "bad-\n1.dist-info/METADATA", "README.txt"};

  for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
    unit_write(site, files[i], "");
  assert_packages(prefix,
                  "Old_Egg==1.0.post1 file_egg==0.1 rc==1!2.0rc1 scikit_learn==1.3.0 "
                  "torch==2.1.0+cu118 zope.interface==6.1");
}

static void
test_nothing(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *absent = g_build_filename(folder, "absent", NULL);
  g_autofree char *wanted = g_strdup_printf(
      "cannot read the environment '%s': No such file or directory", absent);
  g_autoptr(GError) error = NULL;

  assert_packages(folder, "");
  g_assert_null(kslurm_venv_packages_list(absent, &error));
  g_assert_cmpstr(error->message, ==, wanted);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-packages/layouts", test_layouts);
  g_test_add_func("/venv-packages/library-64", test_library_64);
  g_test_add_func("/venv-packages/names", test_names);
  g_test_add_func("/venv-packages/nothing", test_nothing);
  return g_test_run();
}
