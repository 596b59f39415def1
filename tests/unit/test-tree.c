/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-tree.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH 3000
#define WIDTH 300

static char *folder;

static char *
path_of(const char *name)
{
  return g_build_filename(folder, name, NULL);
}

static void
make_file(const char *path)
{
  g_assert_true(g_file_set_contents(path, "x", 1, NULL));
}

static void
assert_removed(const char *path)
{
  g_autoptr(GError) error = NULL;

  g_assert_true(kslurm_tree_remove(path, &error));
  g_assert_no_error(error);
  g_assert_cmpint(faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW), !=, 0);
}

static void
test_missing(void)
{
  g_autofree char *none = path_of("none");
  g_autofree char *deeper = path_of("none/none");

  assert_removed(none);
  assert_removed(deeper);
}

static void
test_file_and_links(void)
{
  g_autofree char *file = path_of("file");
  g_autofree char *link = path_of("link");
  g_autofree char *kept = path_of("kept");
  g_autofree char *inside = path_of("kept/inside");
  g_autofree char *tree = path_of("tree");
  g_autofree char *down = path_of("tree/down");
  g_autofree char *to_kept = path_of("tree/down/link");

  make_file(file);
  assert_removed(file);
  g_assert_cmpint(g_mkdir(kept, 0700), ==, 0);
  make_file(inside);
  g_assert_cmpint(symlink(kept, link), ==, 0);
  assert_removed(link);
  g_assert_cmpint(g_mkdir_with_parents(down, 0700), ==, 0);
  g_assert_cmpint(symlink(kept, to_kept), ==, 0);
  assert_removed(tree);
  g_assert_true(g_file_test(inside, G_FILE_TEST_EXISTS));
  assert_removed(kept);
}

static void
test_wide(void)
{
  g_autofree char *tree = path_of("wide");

  g_assert_cmpint(g_mkdir(tree, 0700), ==, 0);
  for (int i = 0; i < WIDTH; i++) {
    g_autofree char *down = g_strdup_printf("%s/%d/a", tree, i);
    g_autofree char *file = g_strdup_printf("%s/%d/a/file", tree, i);

    g_assert_cmpint(g_mkdir_with_parents(down, 0700), ==, 0);
    make_file(file);
  }
  assert_removed(tree);
}

/* deeper than descriptors, a path's length and the stack allow */
static void
test_deep(void)
{
  g_autofree char *tree = path_of("deep");
  int fd = -1;

  g_assert_cmpint(g_mkdir(tree, 0700), ==, 0);
  fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int i = 0; i < DEPTH; i++) {
    int next = -1;

    g_assert_cmpint(mkdirat(fd, "a folder", 0700), ==, 0);
    g_assert_cmpint(mkdirat(fd, ".kslurm-remove-0", 0700), ==, 0);
    next = openat(fd, "a folder", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_assert_cmpint(next, >=, 0);
    close(fd);
    fd = next;
  }
  close(fd);
  assert_removed(tree);
}

/* root may do all: then this shows only that nothing goes wrong */
static void
test_unwritable(void)
{
  g_autofree char *tree = path_of("closed");
  g_autofree char *down = path_of("closed/down");
  g_autofree char *file = path_of("closed/down/file");

  g_assert_cmpint(g_mkdir_with_parents(down, 0700), ==, 0);
  make_file(file);
  g_assert_cmpint(g_chmod(file, 0400), ==, 0);
  g_assert_cmpint(g_chmod(down, 0000), ==, 0);
  g_assert_cmpint(g_chmod(tree, 0500), ==, 0);
  assert_removed(tree);
}

static void
test_refused(void)
{
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_tree_remove("/proc/self/fdinfo/0", &error));
  g_assert_nonnull(error);
  g_assert_true(g_str_has_prefix(error->message, "cannot remove '/proc/self/fdinfo/0'"));
}

int
main(int argc, char **argv)
{
  int status = 0;

  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  folder = g_dir_make_tmp("kslurm-tree-XXXXXX", NULL);
  g_test_add_func("/tree/missing", test_missing);
  g_test_add_func("/tree/file-and-links", test_file_and_links);
  g_test_add_func("/tree/wide", test_wide);
  g_test_add_func("/tree/deep", test_deep);
  g_test_add_func("/tree/unwritable", test_unwritable);
  g_test_add_func("/tree/refused", test_refused);
  status = g_test_run();
  g_assert_cmpint(g_rmdir(folder), ==, 0);
  g_free(folder);
  return status;
}
