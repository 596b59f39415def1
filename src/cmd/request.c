/* SPDX-License-Identifier: MIT */
#include "cmd/request.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdio.h>

#include "base/config/kslurm-folder.h"
#include "base/request/kslurm-setting.h"
#include "base/request/kslurm-template.h"
#include "base/shell/kslurm-pip-links.h"
#include "base/shell/kslurm-shell-file.h"
#include "base/shell/kslurm-shell-start.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-text.h"
#include "base/venv/kslurm-venv-store.h"

/* the shell text, for the shell that krun opens or for a line of bash; without a place for
 * it they start as they always did */
static char **
set_shell_text(char **environ, KslurmRequest *request, KslurmConfig *config)
{
  const char *const *words = kslurm_request_get_command(request);
  KslurmDialect shell = kslurm_dialect_guess(g_environ_getenv(environ, "SHELL"));
  g_autofree char *start =
      words[0] == NULL ? kslurm_shell_start_make(shell, config, NULL) : NULL;
  g_autofree char *file = kslurm_shell_file_dup_path(KSLURM_DIALECT_BASH);

  if (start != NULL)
    environ = g_environ_setenv(environ, "KSLURM_RC", start, TRUE);
  if (words[0] != NULL && words[1] == NULL &&
      kslurm_shell_file_make(KSLURM_DIALECT_BASH, config, NULL))
    environ = g_environ_setenv(environ, "KSLURM_INIT", file, TRUE);
  return environ;
}

/* a job's nodes have no index to ask, as a rule; what the user set already stays */
static char **
set_pip(char **environ, KslurmConfig *config)
{
  static const char *const names[] = {"PIP_NO_INDEX", "UV_OFFLINE"};
  gboolean network = g_strcmp0(kslurm_config_get(config, "compute.network"), "yes") == 0;
  g_auto(GStrv) before = g_strdupv(environ);

  if (kslurm_config_get(config, "pipdir") == NULL)
    return environ;
  environ = kslurm_pip_environ_set(environ, config, NULL, !network);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_environ_getenv(before, names[i]) != NULL)
      environ =
          g_environ_setenv(environ, names[i], g_environ_getenv(before, names[i]), TRUE);
  return environ;
}

/* gives the environment, and in it what the planner cannot look at */
char **
request_dup_environ(KslurmRequest *request, KslurmConfig *config)
{
  char **environ = g_get_environ();
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname(self != NULL ? self : "");
  g_autofree char *kpy = g_build_filename(folder, "kpy", NULL);

  if (g_path_is_absolute(kpy) && g_file_test(kpy, G_FILE_TEST_IS_EXECUTABLE))
    environ = g_environ_setenv(environ, "KSLURM_KPY", kpy, TRUE);
  environ = set_pip(environ, config);
  return set_shell_text(environ, request, config);
}

/* a job would wait in the queue to say it; a step may name what is loaded on its node */
gboolean
request_check_venv(KslurmRequest *request,
                   KslurmPlan *plan,
                   KslurmConfig *config,
                   GError **error)
{
  const char *name = kslurm_request_get_venv(request);
  g_auto(GStrv) environ = g_get_environ();
  g_autoptr(GError) failure = NULL;
  g_autofree char *pipdir = NULL, *path = NULL;
  g_autoptr(KslurmVenvStore) store = NULL;

  if (name == NULL || kslurm_plan_get_step_of(plan) != NULL)
    return TRUE;
  pipdir = kslurm_folder_dup(config, "pipdir", (const char *const *)environ, &failure);
  if (pipdir != NULL) {
    store = kslurm_venv_store_new(pipdir, NULL);
    path = kslurm_venv_store_find(store, name, &failure);
  } else if (failure == NULL) {
    g_set_error_literal(
        &failure, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED,
        _("'pipdir' is not set; choose a folder on project storage for environments and "
          "wheels with 'kslurm config pipdir FOLDER'"));
  }
  if (failure != NULL)
    g_propagate_error(error, g_steal_pointer(&failure));
  return path != NULL;
}

static GPtrArray *
read_template(KslurmConfig *config, const char *name)
{
  GPtrArray *settings = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
  g_autofree char *configured = kslurm_template_dup_words(config, name, FALSE);
  g_autofree char *built_in = kslurm_template_dup_words(config, name, TRUE);

  if (configured != NULL)
    kslurm_request_read_words(settings, configured, config, NULL);
  if (built_in != NULL)
    kslurm_request_read_words(settings, built_in, config, NULL);
  return settings;
}

static const char *
get_value(GPtrArray *settings, const char *group)
{
  const KslurmSetting *setting = kslurm_settings_get_winner(settings, group);

  return setting != NULL && setting->value != NULL ? setting->value : "";
}

static const char *const columns[] = {"cpus", "memory", "time", "gpu", NULL};

static void
print_templates_json(KslurmConfig *config, char **names)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_array(builder);
  for (gsize i = 0; names[i] != NULL; i++) {
    g_autoptr(GPtrArray) settings = read_template(config, names[i]);

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "name");
    json_builder_add_string_value(builder, names[i]);
    for (gsize j = 0; columns[j] != NULL; j++) {
      json_builder_set_member_name(builder, columns[j]);
      json_builder_add_string_value(builder, get_value(settings, columns[j]));
    }
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
  root = json_builder_get_root(builder);
  text = json_to_string(root, TRUE);
  printf("%s\n", text);
}

int
request_list_templates(KslurmCall *call, KslurmConfig *config)
{
  g_auto(GStrv) names = kslurm_template_list_names(config);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  const char *const header[] = {_("NAME"), _("CPUS"), _("MEMORY"),
                                _("TIME"), _("GPUS"), NULL};
  g_autofree char *table = NULL;

  if (kslurm_call_has(call, "json")) {
    print_templates_json(config, names);
    return 0;
  }
  g_ptr_array_add(rows, g_strdupv((char **)header));
  for (gsize i = 0; names[i] != NULL; i++) {
    g_autoptr(GPtrArray) settings = read_template(config, names[i]);
    const char *const row[] = {names[i],
                               get_value(settings, "cpus"),
                               get_value(settings, "memory"),
                               get_value(settings, "time"),
                               get_value(settings, "gpu"),
                               NULL};

    g_ptr_array_add(rows, g_strdupv((char **)row));
  }
  table = kslurm_text_table(rows, "lrrrl");
  fputs(table, stdout);
  return 0;
}

/* a script, a variable or a file name may hold what a terminal would obey */
static void
print_line(const char *program, const char *lead, const char *text)
{
  g_autofree char *clean = kslurm_text_clean(text);

  g_printerr("%s%s%s\n", program, lead, clean);
}

/* one block, before anything is submitted: in words, and as what Slurm is told */
void
request_show_plan(KslurmCall *call, KslurmPlan *plan)
{
  const char *program = kslurm_call_get_program(call)->name;
  const char *const *notes = kslurm_plan_get_notes(plan);
  g_autofree char *words = kslurm_plan_to_words(plan);
  g_autofree char *line = kslurm_plan_to_line(plan);

  if (kslurm_call_has(call, "quiet"))
    return;
  kslurm_call_print_notes(call);
  print_line(program, ": ", words);
  if (!kslurm_call_has(call, "test") && !kslurm_call_has(call, "dry-run"))
    print_line("", "  ", line);
  if (kslurm_plan_get_step_of(plan) == NULL &&
      kslurm_plan_get_value(plan, "account") == NULL)
    g_printerr(
        "%s: %s\n", program,
        _("no account is set, so Slurm chooses; to choose: 'kslurm config account -i'"));
  for (gsize i = 0; notes[i] != NULL; i++)
    print_line(program, ": ", notes[i]);
}
