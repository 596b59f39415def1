/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-shell-start.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/shell/kslurm-shell-file.h"

static void
assert_file(const char *folder, const char *name, gboolean there)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);

  g_assert_cmpint(g_file_test(path, G_FILE_TEST_IS_REGULAR), ==, there);
}

static void
test_files(void)
{
  static const struct {
    KslurmDialect dialect;
    const char *first, *second;
  } cases[] = {{KSLURM_DIALECT_BASH, "krun.bash", "../init.bash"},
               {KSLURM_DIALECT_ZSH, ".zshrc", ".zshenv"},
               {KSLURM_DIALECT_ZSH, "../init.zsh", ".zshrc"},
               {KSLURM_DIALECT_FISH, "krun.fish", "../init.fish"}};
  g_autoptr(KslurmConfig) config = kslurm_config_new();

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = kslurm_shell_start_make(cases[i].dialect, config, &error);

    g_assert_no_error(error);
    assert_file(folder, cases[i].first, TRUE);
    assert_file(folder, cases[i].second, TRUE);
  }
}

/* what is right is not written again, what is not is put right */
static void
test_keep(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *folder = kslurm_shell_start_make(KSLURM_DIALECT_BASH, config, NULL);
  g_autofree char *path = g_build_filename(folder, "krun.bash", NULL);
  g_autofree char *again = NULL, *third = NULL, *text = NULL;
  struct stat before, after;

  g_assert_cmpint(stat(path, &before), ==, 0);
  again = kslurm_shell_start_make(KSLURM_DIALECT_BASH, config, NULL);
  g_assert_cmpstr(again, ==, folder);
  g_assert_cmpint(stat(path, &after), ==, 0);
  g_assert_cmpint(before.st_ino, ==, after.st_ino);
  g_assert_true(g_file_set_contents(path, "x", 1, NULL));
  third = kslurm_shell_start_make(KSLURM_DIALECT_BASH, config, NULL);
  g_assert_cmpstr(third, ==, folder);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_nonnull(strstr(text, "~/.bashrc"));
}

static void
test_refused(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *state = g_path_get_dirname(g_get_user_state_dir());

  g_assert_cmpint(g_mkdir_with_parents(state, 0700), ==, 0);
  g_assert_true(g_file_set_contents(g_get_user_state_dir(), "x", 1, NULL));
  g_assert_null(kslurm_shell_start_make(KSLURM_DIALECT_BASH, config, &error));
  g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/shell-start/files", test_files);
  g_test_add_func("/shell-start/keep", test_keep);
  g_test_add_func("/shell-start/refused", test_refused);
  return g_test_run();
}
