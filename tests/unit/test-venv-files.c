/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-files.h"

static int
make_tree(void)
{
  const char *root = g_get_user_cache_dir();
  g_autofree char *folder = g_build_filename(root, "a", "b", NULL);
  g_autofree char *file = g_build_filename(folder, "f", NULL);
  g_autofree char *first = g_build_filename(root, "a.txt", NULL);
  g_autofree char *link = g_build_filename(root, "link", NULL);
  int fd = -1;

  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(file, "", 0, NULL));
  g_assert_true(g_file_set_contents(first, "", 0, NULL));
  g_assert_cmpint(symlink("a", link), ==, 0);
  fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint(fd, >=, 0);
  return fd;
}

static void
test_list(void)
{
  kslurm_autofd int root = make_tree();
  g_autoptr(GPtrArray) names = kslurm_venv_files_list(root, NULL);

  g_assert_cmpint(names->len, ==, 3);
  g_assert_cmpstr(names->pdata[0], ==, "a.txt");
  g_assert_cmpstr(names->pdata[1], ==, "a/b/f");
  g_assert_cmpstr(names->pdata[2], ==, "link");
  g_assert_cmpstr(kslurm_venv_files_get_last(names->pdata[1]), ==, "f");
  g_assert_cmpstr(kslurm_venv_files_get_last("f"), ==, "f");
}

static void
test_open_parent(void)
{
  static const char *const wrong[] = {"",     ".",          "..",  "/etc/x",
                                      "a//f", "a/../a/b/f", "a/b/"};
  kslurm_autofd int root = make_tree();
  kslurm_autofd int folder = kslurm_venv_files_open_parent(root, "a/b/f", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint(faccessat(folder, "f", F_OK, 0), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) own_error = NULL;

    g_assert_cmpint(kslurm_venv_files_open_parent(root, wrong[i], &own_error), ==, -1);
    g_assert_error(own_error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
  }
  g_assert_cmpint(kslurm_venv_files_open_parent(root, "link/b/f", &error), ==, -1);
  g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-files/list", test_list);
  g_test_add_func("/venv-files/open-parent", test_open_parent);
  return g_test_run();
}
