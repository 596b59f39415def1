/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/kslurm-tree-folders.h"
#include "archive/kslurm-tree-writer.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-tree.h"
#include "unit.h"

static const struct timespec TIME = {1500000000, 123456789};
static char *prefix;

static char *
make_prefix(void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp("kslurm-tree-XXXXXX", &error);

  g_assert_no_error(error);
  return folder;
}

static void
add_small(KslurmTreeWriter *writer, KslurmTreeFolders *folders, const char *path)
{
  KslurmTreeItem item = {.mode = 06751, .time = TIME, .size = strlen(path)};
  g_autoptr(GError) error = NULL;

  item.folder = kslurm_tree_folders_open_parent(folders, path, &error);
  g_assert_no_error(error);
  item.path = g_strdup(path);
  item.data = item.owned = g_strdup(path);
  kslurm_tree_writer_add(writer, &item, NULL);
}

static void
check_time(const char *path, mode_t mode)
{
  g_autofree char *full = g_build_filename(prefix, path, NULL);
  struct stat st;

  g_assert_cmpint(g_lstat(full, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 07777, ==, mode);
  g_assert_cmpint(st.st_mtim.tv_sec, ==, TIME.tv_sec);
  g_assert_cmpint(st.st_mtim.tv_nsec, ==, TIME.tv_nsec);
}

/* more folders than may be open at once, and more batches than may wait */
static void
test_many(void)
{
  g_autoptr(KslurmTreeFolders) folders = kslurm_tree_folders_new(prefix, NULL);
  g_autoptr(KslurmTreeWriter) writer = kslurm_tree_writer_new(3, NULL, NULL);
  g_autoptr(GError) error = NULL;

  for (int round = 0; round < 2; round++)
    for (int i = 0; i < 400; i++) {
      g_autofree char *folder = g_strdup_printf("a/%d/b", i);
      g_autofree char *path = g_strdup_printf("%s/file%d", folder, round);

      g_assert_true(kslurm_tree_folders_add(folders, folder, 0550, TIME, NULL));
      add_small(writer, folders, path);
    }
  g_assert_true(kslurm_tree_writer_finish(writer, &error));
  g_assert_no_error(error);
  g_assert_true(kslurm_tree_folders_finish(folders, &error));
  g_assert_no_error(error);
  check_time("a/399/b/file1", 0751);
  check_time("a/0/b/file0", 0751);
  check_time("a/7/b", 0550);
}

static void
test_twice(void)
{
  g_autoptr(KslurmTreeFolders) folders = kslurm_tree_folders_new(prefix, NULL);
  g_autoptr(KslurmTreeWriter) writer = kslurm_tree_writer_new(1, NULL, NULL);
  g_autoptr(GError) error = NULL;

  add_small(writer, folders, "x");
  add_small(writer, folders, "x");
  g_assert_false(kslurm_tree_writer_finish(writer, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                    "it holds two members of the name 'x'");
}

/* only what we made as a folder is one, wherever its name leads */
static void
test_not_ours(void)
{
  g_autoptr(KslurmTreeFolders) folders = kslurm_tree_folders_new(prefix, NULL);
  g_autofree char *link = g_build_filename(prefix, "link", NULL);
  g_autofree char *there = g_build_filename(prefix, "there", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint(symlink("/tmp", link), ==, 0);
  g_assert_cmpint(g_mkdir(there, 0700), ==, 0);
  g_assert_null(kslurm_tree_folders_open(folders, "link", NULL));
  g_assert_null(kslurm_tree_folders_open_parent(folders, "link/x", NULL));
  g_assert_null(kslurm_tree_folders_open(folders, "there/x", &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED);
}

static void
test_large(void)
{
  g_autoptr(KslurmTreeFolders) folders = kslurm_tree_folders_new(prefix, NULL);
  g_autoptr(KslurmTreeWriter) writer = kslurm_tree_writer_new(2, NULL, NULL);
  g_autoptr(KslurmTreeFolder) folder = kslurm_tree_folders_open(folders, "d", NULL);
  g_autoptr(KslurmTreeLarge) large =
      kslurm_tree_large_new(folder, "d/large", 3000, 0640, TIME, NULL);
  g_autofree char *full = g_build_filename(prefix, "d", "large", NULL);
  g_autofree char *content = NULL;
  gsize length = 0;

  for (int i = 2; i >= 1; i--) {
    KslurmTreeItem piece = {.size = 500, .offset = i * 1000};

    piece.data = piece.owned = g_malloc(piece.size);
    memset(piece.owned, 'a' + i, piece.size);
    piece.large = kslurm_tree_large_add_piece(large);
    kslurm_tree_writer_add(writer, &piece, NULL);
  }
  g_assert_true(kslurm_tree_large_end_piece(large, NULL));
  g_assert_true(kslurm_tree_writer_finish(writer, NULL));
  check_time("d/large", 0640);
  g_assert_true(g_file_get_contents(full, &content, &length, NULL));
  g_assert_cmpuint(length, ==, 3000);
  g_assert_cmpint(content[999] + content[1500] + content[2999], ==, 0);
  g_assert_cmpint(content[1000], ==, 'b');
  g_assert_cmpint(content[2499], ==, 'c');
}

static void
test_cancelled(void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(KslurmTreeFolders) folders = kslurm_tree_folders_new(prefix, NULL);
  g_autoptr(KslurmTreeWriter) writer = kslurm_tree_writer_new(2, NULL, cancellable);
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel(cancellable);
  add_small(writer, folders, "x");
  g_assert_false(kslurm_tree_writer_flush(writer) &&
                 kslurm_tree_writer_finish(writer, NULL));
  g_assert_false(kslurm_tree_writer_finish(writer, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
run(gconstpointer data)
{
  void (*test)(void) = data;

  prefix = make_prefix();
  test();
  g_assert_true(kslurm_tree_remove(prefix, NULL));
  g_clear_pointer(&prefix, g_free);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/tree-writer/many", test_many, run);
  g_test_add_data_func("/tree-writer/twice", test_twice, run);
  g_test_add_data_func("/tree-writer/not-ours", test_not_ours, run);
  g_test_add_data_func("/tree-writer/large", test_large, run);
  g_test_add_data_func("/tree-writer/cancelled", test_cancelled, run);
  return g_test_run();
}
