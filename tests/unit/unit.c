/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/request/kslurm-setting.h"
#include "base/util/kslurm-error.h"

void
unit_assert_error(const GError *error, GQuark domain, int code, const char *message)
{
  g_assert_error(error, domain, code);
  g_assert_cmpstr(error->message, ==, message);
}

/* without a message there must be no error */
void
unit_assert_usage(const GError *error, const char *message)
{
  if (message == NULL)
    g_assert_no_error(error);
  else
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_USAGE, message);
}

char *
unit_repeat(const char *piece, gsize times)
{
  GString *text = g_string_new(NULL);

  for (gsize i = 0; i < times; i++)
    g_string_append(text, piece);
  return g_string_free(text, FALSE);
}

/* the test framework makes one for each test, and removes it */
char *
unit_dup_folder(void)
{
  g_assert_cmpint(g_mkdir_with_parents(g_get_user_cache_dir(), 0700), ==, 0);
  return g_strdup(g_get_user_cache_dir());
}

/* makes the folders on the way; a name that ends in '/' is a folder */
void
unit_write(const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_strconcat(folder, "/", name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);

  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  if (!g_str_has_suffix(name, "/"))
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* "GROUP:--OPTION=VALUE", parted by blanks; '-' is no group */
char *
unit_join_settings(GPtrArray *settings)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < settings->len; i++) {
    const KslurmSetting *setting = settings->pdata[i];
    g_autofree char *option = kslurm_setting_to_text(setting);

    g_string_append_printf(text, "%s%s:%s", i > 0 ? " " : "",
                           setting->group != NULL ? setting->group : "-", option);
  }
  return g_string_free(text, FALSE);
}

static gboolean
is_never(const char *path, gpointer data)
{
  return FALSE;
}

/* the plan of a line of words, in a world where nothing is set */
KslurmPlan *
unit_make_plan(const char *line)
{
  static const char *const environ[] = {"PATH=/nowhere", "SHELL=/bin/sh", NULL};
  g_auto(GStrv) argv = g_strsplit(line, " ", -1);
  KslurmRequestKind kind =
      g_str_equal(argv[0], "kbatch") ? KSLURM_REQUEST_BATCH : KSLURM_REQUEST_RUN;
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmRequest) request = kslurm_request_parse(
      kind, (const char *const *)argv, "/w", config, is_never, NULL, &error);
  KslurmPlan *plan = NULL;

  g_assert_no_error(error);
  plan = kslurm_plan_new(request, config, environ, FALSE, NULL, &error);
  g_assert_no_error(error);
  return plan;
}

/* gives what @print writes to stdout */
char *
unit_capture(void (*print)(gpointer data), gpointer data)
{
  int fd = memfd_create("stdout", MFD_CLOEXEC);
  int saved = dup(STDOUT_FILENO);
  gsize length = 0;
  char *text = NULL;

  fflush(stdout);
  g_assert_cmpint(dup2(fd, STDOUT_FILENO), >=, 0);
  print(data);
  fflush(stdout);
  length = (gsize)lseek(fd, 0, SEEK_END);
  text = g_malloc0(length + 1);
  g_assert_cmpint(pread(fd, text, length, 0), ==, length);
  dup2(saved, STDOUT_FILENO);
  close(saved);
  close(fd);
  return text;
}
