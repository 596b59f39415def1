/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-store.h"
#include "unit.h"

static void
assert_found(KslurmVenvStore *store, const char *name, const char *file)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = kslurm_venv_store_find(store, name, &error);

  g_assert_no_error(error);
  g_assert_true(g_str_has_suffix(path, file));
}

static void
assert_missing(KslurmVenvStore *store, const char *name, const char *message)
{
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_venv_store_find(store, name, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND, message);
}

static void
test_find(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, NULL);
  g_autofree char *path = kslurm_venv_store_dup_path(store, "py3.10");

  g_assert_true(g_str_has_suffix(path, "/venv_archives/py3.10.tar.zst"));
  assert_missing(store, "x",
                 "no environment 'x' is saved; 'kpy list' shows those that are");
  unit_write(pipdir, "venv_archives/older.tar.gz", "");
  assert_found(store, "older", "/venv_archives/older.tar.gz");
  unit_write(pipdir, "venv_archives/older.tar.zst", "");
  assert_found(store, "older", "/venv_archives/older.tar.zst");
  unit_write(pipdir, "venv_archives/folder.tar.zst/", "");
  assert_missing(store, "oldre", "no environment 'oldre' is saved; did you mean 'older'?");
  assert_missing(store, "folder",
                 "no environment 'folder' is saved; 'kpy list' shows those that are");
  unit_write(pipdir, "outside.tar.zst", "");
  assert_missing(store, "../outside",
                 "no environment '../outside' is saved; 'kpy list' shows those that are");
  assert_missing(store, "", "no environment '' is saved; 'kpy list' shows those that are");
  assert_missing(store, "\033[2J",
                 "no environment '[2J' is saved; 'kpy list' shows those that are");
}

static void
test_list_names(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autofree char *folder = g_build_filename(pipdir, "venv_archives", NULL);
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, NULL);
  g_auto(GStrv) none = kslurm_venv_store_list_names(store);
  g_auto(GStrv) names = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint(g_strv_length(none), ==, 0);
  unit_write(folder, "b.tar.zst", "");
  unit_write(folder, "b.tar.gz", "");
  unit_write(folder, "b.json", "");
  unit_write(folder, "a b.tar.gz", "");
  unit_write(folder, "\033.tar.gz", "");
  names = kslurm_venv_store_list_names(store);
  text = g_strjoinv("|", names);
  g_assert_cmpstr(text, ==, "a b|b");
}

static mode_t
get_mode(const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  struct stat st;

  g_assert_cmpint(g_stat(path, &st), ==, 0);
  return st.st_mode & 07777;
}

/* a lab's folder opens what is in it to the lab, whatever the umask */
static void
test_make(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *pipdir = g_build_filename(folder, "lab", NULL);
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, NULL);
  mode_t umask_before = umask(077);

  g_assert_cmpint(g_mkdir(pipdir, 0700), ==, 0);
  g_assert_cmpint(g_chmod(pipdir, 02770), ==, 0);
  g_assert_true(kslurm_venv_store_make(store, NULL));
  umask(umask_before);
  g_assert_cmpint(get_mode(pipdir, "venv_archives"), ==, 02770);
  g_assert_cmpint(g_chmod(pipdir, 0700), ==, 0);
  g_assert_true(kslurm_venv_store_make(store, NULL));
  g_assert_cmpint(get_mode(pipdir, "venv_archives"), ==, 02770);
}

static void
test_remove(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autofree char *folder = g_build_filename(pipdir, "venv_archives", NULL);
  g_autofree char *older = g_build_filename(folder, "a.tar.gz", NULL);
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, NULL);
  g_autoptr(GError) error = NULL;

  unit_write(folder, "a.tar.zst", "");
  unit_write(folder, "a.tar.gz", "");
  unit_write(folder, "a.json", "");
  unit_write(folder, "older.tar.gz", "");
  g_assert_true(kslurm_venv_store_remove_older(store, "a", NULL));
  g_assert_true(kslurm_venv_store_remove_older(store, "a", NULL));
  g_assert_cmpint(g_access(older, F_OK), !=, 0);
  unit_write(folder, "a.tar.gz", "");
  g_assert_true(kslurm_venv_store_remove(store, "a", NULL));
  g_assert_false(kslurm_venv_store_remove(store, "a", &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
  g_assert_true(kslurm_venv_store_remove(store, "older", NULL));
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

/* a look that succeeds leaves errno as it was */
static void
test_folder(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, NULL);
  g_autoptr(GError) error = NULL;

  unit_write(pipdir, "venv_archives/a.tar.zst/file", "");
  unit_write(pipdir, "venv_archives/a.tar.gz/file", "");
  errno = EACCES;
  g_assert_null(kslurm_venv_store_find(store, "a", &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
}

static void
test_rename(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autofree char *folder = g_build_filename(pipdir, "venv_archives", NULL);
  g_autofree char *facts = g_build_filename(folder, "a.json", NULL);
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, NULL);
  g_autoptr(GError) error = NULL;

  unit_write(folder, "a.tar.zst", "");
  unit_write(folder, "a.tar.gz", "");
  unit_write(folder, "a.json", "");
  unit_write(folder, "taken.tar.gz", "");
  g_assert_false(kslurm_venv_store_rename(store, "a", "taken", &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
                    "an environment 'taken' is saved already");
  assert_found(store, "a", "/a.tar.zst");
  g_assert_true(kslurm_venv_store_rename(store, "a", "a", NULL));
  assert_found(store, "a", "/a.tar.zst");
  g_assert_true(kslurm_venv_store_rename(store, "a", "my env", NULL));
  assert_found(store, "my env", "/my env.tar.zst");
  assert_missing(store, "a",
                 "no environment 'a' is saved; 'kpy list' shows those that are");
  g_assert_false(g_file_test(facts, G_FILE_TEST_EXISTS));
  g_assert_true(kslurm_venv_store_rename(store, "taken", "older", NULL));
  assert_found(store, "older", "/older.tar.gz");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-store/find", test_find);
  g_test_add_func("/venv-store/list-names", test_list_names);
  g_test_add_func("/venv-store/make", test_make);
  g_test_add_func("/venv-store/remove", test_remove);
  g_test_add_func("/venv-store/folder", test_folder);
  g_test_add_func("/venv-store/rename", test_rename);
  return g_test_run();
}
