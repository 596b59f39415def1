/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-dirs.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "unit.h"

static char *
dup_path(const char *name)
{
  g_assert_cmpint(g_mkdir_with_parents(g_get_user_cache_dir(), 0700), ==, 0);
  return g_build_filename(g_get_user_cache_dir(), name, NULL);
}

static void
test_places(void)
{
  char *(*const functions[])(void) = {kslurm_dirs_dup_config, kslurm_dirs_dup_state,
                                      kslurm_dirs_dup_cache};
  const char *const above[] = {g_get_user_config_dir(), g_get_user_state_dir(),
                               g_get_user_cache_dir()};
  g_autofree char *runtime = kslurm_dirs_dup_runtime();
  g_autofree char *mine = g_strdup_printf("/tmp/kslurm-%d", (int)geteuid());

  for (gsize i = 0; i < G_N_ELEMENTS(functions); i++) {
    g_autofree char *path = functions[i]();
    g_autofree char *want = g_build_filename(above[i], "kslurm", NULL);

    g_assert_cmpstr(path, ==, want);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  }
  g_assert_cmpstr(runtime, ==, mine);
}

static void
test_made(void)
{
  g_autofree char *path = dup_path("made");
  g_autoptr(GError) error = NULL;
  GStatBuf st;

  for (int i = 0; i < 2; i++) {
    g_assert_true(kslurm_dirs_make_private(path, &error));
    g_assert_no_error(error);
  }
  g_assert_cmpint(g_lstat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 07777, ==, 0700);
}

static void
check_denied(const char *path)
{
  g_autofree char *message = g_strdup_printf(
      "'%s' is not a folder of yours alone; remove it, or make it yours with 'chmod 700'",
      path);
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_dirs_make_private(path, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED, message);
}

static void
test_not_ours(void)
{
  static const int modes[] = {0701, 0710, 0750, 0707, 0777};
  g_autofree char *real = dup_path("real");
  g_autofree char *link = dup_path("link");
  g_autofree char *file = dup_path("file");

  g_assert_cmpint(g_mkdir(real, 0700), ==, 0);
  g_assert_cmpint(symlink(real, link), ==, 0);
  check_denied(link);
  g_assert_true(
      g_file_set_contents_full(file, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  check_denied(file);
  for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
    g_assert_cmpint(g_chmod(real, modes[i]), ==, 0);
    check_denied(real);
  }
}

static void
test_no_parent(void)
{
  g_autofree char *path = dup_path("none/below");
  g_autofree char *message =
      g_strdup_printf("cannot make the folder '%s': No such file or directory", path);
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_dirs_make_private(path, &error));
  unit_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, message);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/dirs/places", test_places);
  g_test_add_func("/dirs/made", test_made);
  g_test_add_func("/dirs/not-ours", test_not_ours);
  g_test_add_func("/dirs/no-parent", test_no_parent);
  return g_test_run();
}
