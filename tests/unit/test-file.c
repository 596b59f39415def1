/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-file.h"

static char *
dup_folder(void)
{
  /* the test framework makes one for each test, and removes it */
  g_assert_cmpint(g_mkdir_with_parents(g_get_user_cache_dir(), 0700), ==, 0);
  return g_strdup(g_get_user_cache_dir());
}

static void
test_replace(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "file", NULL);
  g_autoptr(GBytes) bytes = NULL;
  struct stat st;

  g_assert_true(kslurm_file_replace(path, "one", -1, 0600, NULL));
  g_assert_true(kslurm_file_replace(path, "t\0wo", 4, 0600, NULL));
  bytes = kslurm_file_read(path, 4, NULL);
  g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "t\0wo", 4);
  g_assert_cmpint(g_stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0600);
}

static void
test_link(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "file", NULL);
  g_autofree char *link = g_build_filename(folder, "link", NULL);

  g_assert_true(kslurm_file_replace(path, "one", -1, 0600, NULL));
  g_assert_cmpint(symlink("file", link), ==, 0);
  g_assert_true(kslurm_file_replace(link, "two", -1, 0600, NULL));
  g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
}

static void
test_refused(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "none", "file", NULL);
  g_autofree char *pipe = g_build_filename(folder, "pipe", NULL);
  g_autofree char *large = g_build_filename(folder, "large", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_file_replace(path, "x", -1, 0600, &error));
  g_assert_nonnull(strstr(error->message, path));
  g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
  g_assert_null(kslurm_file_read(pipe, 10, NULL));
  g_assert_null(kslurm_file_read(folder, 10, NULL));
  g_assert_true(kslurm_file_replace(large, "12345678901", -1, 0600, NULL));
  g_assert_null(kslurm_file_read(large, 10, NULL));
}

static void
test_empty(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "file", NULL);
  g_autoptr(GBytes) bytes = NULL;

  g_assert_true(kslurm_file_replace(path, "", -1, 0600, NULL));
  bytes = kslurm_file_read(path, 0, NULL);
  g_assert_cmpuint(g_bytes_get_size(bytes), ==, 0);
  g_assert_nonnull(g_bytes_get_data(bytes, NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/file/replace", test_replace);
  g_test_add_func("/file/link", test_link);
  g_test_add_func("/file/refused", test_refused);
  g_test_add_func("/file/empty", test_empty);
  return g_test_run();
}
