/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-rc-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/shell/kslurm-rc.h"

static char *
dup_path(const char *name)
{
  g_assert_cmpint(g_mkdir_with_parents(g_get_user_cache_dir(), 0700), ==, 0);
  return g_build_filename(g_get_user_cache_dir(), name, NULL);
}

static void
assert_content(const char *path, const char *wanted)
{
  g_autofree char *content = NULL;

  g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
  g_assert_cmpstr(content, ==, wanted);
}

static void
test_edit(void)
{
  g_autofree char *path = dup_path("new/rc");
  g_autofree char *dry = NULL;
  g_autofree char *came = NULL;
  g_autofree char *nothing = NULL;
  g_autofree char *went = NULL;

  g_assert_true(kslurm_rc_file_edit(path, "x", TRUE, &dry, NULL));
  g_assert_cmpstr(dry, ==, "+" KSLURM_RC_BEGIN "\n+x\n+" KSLURM_RC_END "\n");
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  g_assert_true(kslurm_rc_file_edit(path, "x", FALSE, &came, NULL));
  g_assert_cmpstr(came, ==, dry);
  g_assert_true(kslurm_rc_file_edit(path, "x", FALSE, &nothing, NULL));
  g_assert_cmpstr(nothing, ==, "");
  assert_content(path, KSLURM_RC_BEGIN "\nx\n" KSLURM_RC_END "\n");
  g_assert_true(kslurm_rc_file_edit(path, NULL, FALSE, &went, NULL));
  assert_content(path, "");
}

static void
test_kept(void)
{
  g_autofree char *path = dup_path("real");
  g_autofree char *link = dup_path("link");
  g_autofree char *changes = NULL;
  struct stat st;

  g_assert_true(g_file_set_contents(path, "a\n", -1, NULL));
  g_assert_cmpint(g_chmod(path, 0666), ==, 0);
  g_assert_cmpint(symlink("real", link), ==, 0);
  g_assert_true(kslurm_rc_file_edit(link, "x", FALSE, &changes, NULL));
  g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint(g_stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 07777, ==, 0666);
  assert_content(path, "a\n" KSLURM_RC_BEGIN "\nx\n" KSLURM_RC_END "\n");
}

static void
assert_refused(const char *path, const char *why)
{
  g_autofree char *changes = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_rc_file_edit(path, "x", FALSE, &changes, &error));
  g_assert_nonnull(strstr(error->message, path));
  g_assert_nonnull(strstr(error->message, why));
}

static void
test_refused(void)
{
  g_autofree char *dangling = dup_path("dangling");
  g_autofree char *binary = dup_path("binary");
  g_autofree char *damaged = dup_path("damaged");

  g_assert_cmpint(symlink("nothing", dangling), ==, 0);
  assert_refused(dangling, "not there");
  g_assert_true(g_file_set_contents(binary, "a\0b", 3, NULL));
  assert_refused(binary, "not text");
  g_assert_true(g_file_set_contents(damaged, KSLURM_RC_END "\n", -1, NULL));
  assert_refused(damaged, "no pair");
  assert_content(damaged, KSLURM_RC_END "\n");
  assert_refused(g_get_user_cache_dir(), "not a file");
}

static void
test_path(void)
{
  static const char *const environ[] = {"ZDOTDIR=/z", NULL};
  g_autofree char *bash = kslurm_rc_file_dup_path(KSLURM_DIALECT_BASH, environ);
  g_autofree char *zsh = kslurm_rc_file_dup_path(KSLURM_DIALECT_ZSH, environ);
  g_autofree char *fish = kslurm_rc_file_dup_path(KSLURM_DIALECT_FISH, environ);

  g_assert_true(g_str_has_suffix(bash, "/.bashrc"));
  g_assert_cmpstr(zsh, ==, "/z/.zshrc");
  g_assert_true(g_str_has_suffix(fish, "/fish/config.fish"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/rc-file/edit", test_edit);
  g_test_add_func("/rc-file/kept", test_kept);
  g_test_add_func("/rc-file/refused", test_refused);
  g_test_add_func("/rc-file/path", test_path);
  return g_test_run();
}
