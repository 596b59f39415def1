/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-state.h"

#include <unistd.h>

#include "unit.h"

#define SITE "lib/python3.11/site-packages/"

static void
test_changes(void)
{
  g_autofree char *prefix = unit_dup_folder();
  g_autofree char *name = NULL;
  g_auto(GStrv) packages = g_strsplit("a==1|b==2", "|", -1);
  g_auto(GStrv) read = NULL;

  unit_write(prefix, SITE "a-1.dist-info/METADATA", "");
  g_assert_true(kslurm_venv_state_is_changed(prefix));
  g_assert_null(kslurm_venv_state_dup_name(prefix));
  g_assert_true(kslurm_venv_state_write(prefix, "my env", packages, NULL));
  name = kslurm_venv_state_dup_name(prefix);
  read = kslurm_venv_state_dup_packages(prefix);
  g_assert_cmpstr(name, ==, "my env");
  g_assert_cmpstrv(read, packages);
  g_assert_true(kslurm_venv_state_is_changed(prefix));
  unit_write(prefix, SITE "b-2.dist-info/METADATA", "");
  g_assert_false(kslurm_venv_state_is_changed(prefix));
  unit_write(prefix, SITE "c-3.dist-info/METADATA", "");
  g_assert_true(kslurm_venv_state_is_changed(prefix));
}

/* saved without a package is not the same as never saved */
static void
test_nothing(void)
{
  g_autofree char *prefix = unit_dup_folder();
  char *none[] = {NULL};
  g_auto(GStrv) read = NULL;

  g_assert_true(kslurm_venv_state_write(prefix, "venv", NULL, NULL));
  g_assert_null(kslurm_venv_state_dup_packages(prefix));
  g_assert_true(kslurm_venv_state_is_changed(prefix));
  g_assert_true(kslurm_venv_state_write(prefix, "venv", none, NULL));
  read = kslurm_venv_state_dup_packages(prefix);
  g_assert_cmpuint(g_strv_length(read), ==, 0);
  g_assert_false(kslurm_venv_state_is_changed(prefix));
}

/* an archive from anywhere may hold it */
static void
test_link(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *prefix = g_build_filename(folder, "venv", NULL);
  g_autofree char *outside = g_build_filename(folder, "bashrc", NULL);
  g_autofree char *link = g_build_filename(prefix, ".kslurm-state", NULL);
  g_autofree char *text = NULL, *name = NULL;

  unit_write(folder, "bashrc", "mine");
  unit_write(prefix, "pyvenv.cfg", "");
  g_assert_cmpint(symlink(outside, link), ==, 0);
  g_assert_true(kslurm_venv_state_write(prefix, "venv", NULL, NULL));
  g_assert_true(g_file_get_contents(outside, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "mine");
  name = kslurm_venv_state_dup_name(prefix);
  g_assert_cmpstr(name, ==, "venv");
}

static void
test_damaged(void)
{
  static const char *const texts[] = {"", "\n", "\033[2J\n", "a/b", "\xff\nx\n"};
  g_autofree char *prefix = unit_dup_folder();

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_auto(GStrv) packages = NULL;

    unit_write(prefix, ".kslurm-state", texts[i]);
    g_assert_null(kslurm_venv_state_dup_name(prefix));
    packages = kslurm_venv_state_dup_packages(prefix);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-state/changes", test_changes);
  g_test_add_func("/venv-state/nothing", test_nothing);
  g_test_add_func("/venv-state/link", test_link);
  g_test_add_func("/venv-state/damaged", test_damaged);
  return g_test_run();
}
