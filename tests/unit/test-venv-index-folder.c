/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "base/venv/kslurm-venv-index.h"
#include "unit.h"

/* a folder that was given up leaves nothing behind */
static void
test_given_up(void)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autofree char *mark = g_build_filename(tmp, "partial-kslurm-venv-a", NULL);
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);
  g_autofree char *prefix = kslurm_venv_index_make_prefix(index, "a", NULL);
  g_auto(GStrv) left = NULL;

  g_assert_cmpint(g_rmdir(prefix), ==, 0);
  g_clear_pointer(&index, kslurm_venv_index_free);
  g_assert_false(g_file_test(mark, G_FILE_TEST_EXISTS));
  unit_write(tmp, "partial-kslurm-venv-a", "");
  index = kslurm_venv_index_open(tmp);
  left = kslurm_venv_index_list_left(index, NULL);
  g_assert_null(left[0]);
  g_assert_false(g_file_test(mark, G_FILE_TEST_EXISTS));
}

/* what a killed load left goes with the next; what is filled, or of no mark, stays */
static void
test_killed(void)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autofree char *mark = g_build_filename(tmp, "partial-kslurm-venv-a", NULL);
  g_autofree char *lost = g_build_filename(tmp, "kslurm-venv-lost", NULL);
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);
  g_autoptr(KslurmVenvIndex) filler = kslurm_venv_index_open(tmp);
  g_autoptr(KslurmVenvIndex) killed = kslurm_venv_index_open(tmp);
  g_autofree char *filled = kslurm_venv_index_make_prefix(filler, "a", NULL);
  g_autofree char *left = kslurm_venv_index_make_prefix(killed, "a", NULL);
  g_autofree char *again = NULL;

  g_assert_cmpint(g_mkdir(lost, 0700), ==, 0);
  unit_write(left, "lib/x.py", "");
  g_clear_pointer(&killed, kslurm_venv_index_free);
  again = kslurm_venv_index_make_prefix(index, "a", NULL);
  g_assert_cmpstr(again, ==, left);
  g_assert_true(g_file_test(filled, G_FILE_TEST_IS_DIR));
  g_assert_true(g_file_test(mark, G_FILE_TEST_EXISTS));
  g_assert_true(kslurm_venv_index_remove_left(index, filled, NULL));
  g_assert_true(g_file_test(filled, G_FILE_TEST_IS_DIR));
  g_assert_true(kslurm_venv_index_remove_left(index, lost, NULL));
  g_assert_false(g_file_test(lost, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-index-folder/given-up", test_given_up);
  g_test_add_func("/venv-index-folder/killed", test_killed);
  return g_test_run();
}
