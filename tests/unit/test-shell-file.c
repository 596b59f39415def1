/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-shell-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-file.h"

static char *
dup_content(KslurmDialect dialect)
{
  g_autofree char *path = kslurm_shell_file_dup_path(dialect);
  char *content = NULL;

  return g_file_get_contents(path, &content, NULL, NULL) ? content : NULL;
}

static ino_t
get_inode(KslurmDialect dialect)
{
  g_autofree char *path = kslurm_shell_file_dup_path(dialect);
  struct stat st;

  g_assert_cmpint(g_stat(path, &st), ==, 0);
  return st.st_ino;
}

static void
test_make(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *content = NULL;

  g_assert_true(kslurm_shell_file_refresh(config, NULL));
  g_assert_null(dup_content(KSLURM_DIALECT_ZSH));
  g_assert_true(kslurm_shell_file_make(KSLURM_DIALECT_ZSH, config, NULL));
  content = dup_content(KSLURM_DIALECT_ZSH);
  g_assert_nonnull(strstr(content, "--shell zsh"));
  g_assert_null(dup_content(KSLURM_DIALECT_BASH));
}

static void
test_refresh(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *content = NULL;
  ino_t first = 0;

  g_assert_true(kslurm_shell_file_make(KSLURM_DIALECT_FISH, config, NULL));
  first = get_inode(KSLURM_DIALECT_FISH);
  g_assert_true(kslurm_shell_file_refresh(config, NULL));
  g_assert_true(kslurm_shell_file_make(KSLURM_DIALECT_FISH, config, NULL));
  g_assert_cmpuint(get_inode(KSLURM_DIALECT_FISH), ==, first);
  kslurm_config_override(config, "login-nodes", "log*", "/a/file");
  g_assert_true(kslurm_shell_file_refresh(config, NULL));
  content = dup_content(KSLURM_DIALECT_FISH);
  g_assert_nonnull(strstr(content, "set -g __kslurm_login_nodes 'log*'\n"));
}

static void
test_damaged(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *path = kslurm_shell_file_dup_path(KSLURM_DIALECT_BASH);
  g_autofree char *before = NULL;
  g_autofree char *content = NULL;

  g_assert_true(kslurm_shell_file_make(KSLURM_DIALECT_BASH, config, NULL));
  before = dup_content(KSLURM_DIALECT_BASH);
  g_assert_true(kslurm_file_replace(path, "a\0b", 3, 0600, NULL));
  g_assert_true(kslurm_shell_file_refresh(config, NULL));
  content = dup_content(KSLURM_DIALECT_BASH);
  g_assert_cmpstr(content, ==, before);
}

/* a variable is one shell's, the file is for all */
static void
test_variable(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *content = NULL;

  kslurm_config_override(config, "pipdir", "/mine", "KSLURM_PIPDIR");
  g_assert_true(kslurm_shell_file_make(KSLURM_DIALECT_BASH, config, NULL));
  content = dup_content(KSLURM_DIALECT_BASH);
  g_assert_nonnull(strstr(content, "__kslurm_pipdir=''\n"));
}

static void
test_line(void)
{
  g_autofree char *path = kslurm_shell_file_dup_path(KSLURM_DIALECT_BASH);
  g_autofree char *line = kslurm_shell_line(KSLURM_DIALECT_BASH);
  g_autofree char *wanted = g_strdup_printf("[ ! -r %s ] || . %s", path, path);

  g_assert_cmpstr(line, ==, wanted);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/shell-file/make", test_make);
  g_test_add_func("/shell-file/refresh", test_refresh);
  g_test_add_func("/shell-file/damaged", test_damaged);
  g_test_add_func("/shell-file/variable", test_variable);
  g_test_add_func("/shell-file/line", test_line);
  return g_test_run();
}
