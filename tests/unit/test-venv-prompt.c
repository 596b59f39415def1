/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-prompt.h"
#include "base/venv/kslurm-venv-state.h"
#include "unit.h"

static void
assert_prompt(const char *prefix, const char *wanted)
{
  g_autofree char *prompt = kslurm_venv_prompt_dup(prefix);

  g_assert_cmpstr(prompt, ==, wanted);
}

static void
test_names(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *prefix = g_build_filename(folder, "folder", NULL);
  char *none[] = {NULL};

  unit_write(prefix, "pyvenv.cfg", "home = /usr/bin\n");
  assert_prompt(prefix, "*folder");
  unit_write(prefix, "pyvenv.cfg", "prompt = 'a\033[2J\tb'\n");
  assert_prompt(prefix, "*a[2J b");
  g_assert_true(kslurm_venv_state_write(prefix, "my env", NULL, NULL));
  assert_prompt(prefix, "*my env");
  g_assert_true(kslurm_venv_state_write(prefix, "my env", none, NULL));
  assert_prompt(prefix, "my env");
}

static void
test_write(void)
{
  g_autofree char *prefix = unit_dup_folder();
  g_autofree char *path = g_build_filename(prefix, "pyvenv.cfg", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  struct stat st;

  g_assert_false(kslurm_venv_prompt_write(prefix, "new", &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
  unit_write(prefix, "pyvenv.cfg", "home = /x\nprompt = 'old'\nversion = 3.11.2\n");
  g_assert_cmpint(g_chmod(path, 0640), ==, 0);
  g_assert_true(kslurm_venv_prompt_write(prefix, "new", NULL));
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "home = /x\nprompt = 'new'\nversion = 3.11.2\n");
  g_assert_cmpint(g_stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0640);
}

/* an archive from anywhere may hold it */
static void
test_link(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *prefix = g_build_filename(folder, "venv", NULL);
  g_autofree char *outside = g_build_filename(folder, "bashrc", NULL);
  g_autofree char *link = g_build_filename(prefix, "pyvenv.cfg", NULL);
  g_autofree char *text = NULL;

  unit_write(folder, "bashrc", "mine\n");
  unit_write(prefix, "bin/python", "");
  g_assert_cmpint(symlink(outside, link), ==, 0);
  g_assert_true(kslurm_venv_prompt_write(prefix, "new", NULL));
  g_assert_true(g_file_get_contents(outside, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "mine\n");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-prompt/names", test_names);
  g_test_add_func("/venv-prompt/write", test_write);
  g_test_add_func("/venv-prompt/link", test_link);
  return g_test_run();
}
