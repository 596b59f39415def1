/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-command.h"
#include "base/request/kslurm-gpus.h"
#include "base/request/kslurm-request-private.h"
#include "base/request/kslurm-setting.h"
#include "base/request/kslurm-template.h"
#include "base/request/kslurm-words.h"
#include "base/util/kslurm-error-private.h"
#include "base/venv/kslurm-venv-name.h"

static const char *const flags[] = {"test", "dry-run", "list", "json",     "new",
                                    "x11",  "quiet",   "help", "no-stdin", NULL};

static gboolean
add_foreign(GPtrArray *settings, KslurmCall *call, GError **error)
{
  GPtrArray *uses = kslurm_call_get_foreign(call);

  for (guint i = 0; i < uses->len; i++) {
    const KslurmForeignUse *use = uses->pdata[i];
    const char *group = kslurm_setting_group_of(use->option, use->value);
    const KslurmSetting *before =
        group != NULL ? kslurm_settings_get_winner(settings, group) : NULL;
    KslurmSetting *setting = NULL;

    /* repeated as it was, a flag says nothing new */
    if (before != NULL && before->value == NULL && use->value == NULL)
      continue;
    if (before != NULL)
      return kslurm_set_usage(error, _("%s given twice: '%s' and '%s'"), _(group),
                              before->origin, use->text);
    if (use->option != NULL && use->option->name != NULL)
      setting = kslurm_setting_new(group, use->option->name, use->value, KSLURM_LEVEL_USER,
                                   use->text);
    else
      setting = kslurm_setting_new(NULL, "", NULL, KSLURM_LEVEL_USER, use->text);
    g_ptr_array_add(settings, setting);
  }
  return TRUE;
}

static void
add_words(GPtrArray *settings, KslurmWords *words, const char *typed, KslurmConfig *config)
{
  g_autofree char *option = NULL;
  char *value = NULL;

  for (guint i = 0; i < words->settings->len; i++) {
    const KslurmSetting *setting = words->settings->pdata[i];

    if (kslurm_settings_get_winner(settings, setting->group) == NULL)
      g_ptr_array_add(settings,
                      kslurm_setting_new(setting->group, setting->option, setting->value,
                                         setting->level, setting->origin));
  }
  if (words->gpus == 0 || kslurm_settings_get_winner(settings, "gpu") != NULL)
    return;
  option = kslurm_gpus_to_option(words->gpu_kind, words->gpus,
                                 kslurm_config_get(config, "gpu.style"));
  value = strchr(option, '=');
  *value++ = '\0';
  g_ptr_array_add(settings,
                  kslurm_setting_new("gpu", option + 2, value, KSLURM_LEVEL_USER, typed));
}

/**
 * kslurm_request_read_words: (skip)
 * @settings: (element-type KslurmSetting): to add to; groups that are set stay
 * @text: words, as a template or a configured default holds them
 * @config: the configuration
 * @error: return location
 *
 * Reads words by the same table as the command line's.
 *
 * Returns: whether @text is words and nothing else
 */
gboolean
kslurm_request_read_words(GPtrArray *settings,
                          const char *text,
                          KslurmConfig *config,
                          GError **error)
{
  static const KslurmArg *const words_only[] = {kslurm_args_words, NULL};
  const KslurmVerb verb = {.name = "words", .summary = "", .args = words_only};
  g_autofree char *line = g_strconcat("words ", text, NULL);
  g_auto(GStrv) argv = NULL;
  g_autoptr(KslurmCall) call = NULL;

  if (!g_shell_parse_argv(line, NULL, &argv, error))
    return FALSE;
  call = kslurm_call_new(&verb, (const char *const *)argv);
  if (!kslurm_call_scan(call, error))
    return FALSE;
  add_words(settings, kslurm_words_of_call(call), text, config);
  return TRUE;
}

/* a template is words; those already given stay */
static gboolean
add_template_words(GPtrArray *settings,
                   const char *name,
                   const char *text,
                   KslurmConfig *config,
                   GError **error)
{
  if (text == NULL || kslurm_request_read_words(settings, text, config, error))
    return TRUE;
  g_prefix_error(error, _("template '%s': "), name);
  return FALSE;
}

static gboolean
add_template(GPtrArray *settings, const char *name, KslurmConfig *config, GError **error)
{
  g_autofree char *configured = kslurm_template_dup_words(config, name, FALSE);
  g_autofree char *built_in = kslurm_template_dup_words(config, name, TRUE);

  if (configured == NULL && built_in == NULL)
    return kslurm_set_usage(error, _("there is no template '%s'; '-J' lists them"), name);
  return add_template_words(settings, name, configured, config, error) &&
         add_template_words(settings, name, built_in, config, error);
}

static void note(KslurmRequest *request, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
note(KslurmRequest *request, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_ptr_array_insert(request->notes, (int)request->notes->len - 1,
                     g_strdup_vprintf(format, args));
  va_end(args);
}

/* habits of sbatch that mean something else here */
static gboolean
check_habits(KslurmRequest *request, KslurmCall *call, GError **error)
{
  const char *account = kslurm_call_get_typed(call, "account");
  const char *shell_word =
      kslurm_command_find_shell_word((const char *const *)request->command);
  const KslurmSetting *time = kslurm_settings_get_winner(request->settings, "time");

  if (account != NULL && g_str_has_prefix(account, "-a") &&
      g_regex_match_simple("^[0-9]+[-,][0-9,%:-]+$", kslurm_call_get(call, "account"), 0,
                           0))
    return kslurm_set_usage(error,
                            _("'%s' would be an account; an array is the word 'array:%s'"),
                            account, kslurm_call_get(call, "account"));
  if (g_strcmp0(kslurm_call_get_typed(call, "test"), "-t") == 0 && time != NULL &&
      request->command[0] == NULL)
    note(request,
         _("'-t' only shows what would be run; the time is the word '%s' by itself"),
         time->origin);
  if (kslurm_call_has(call, "list") && request->command[0] != NULL)
    note(request, _("'-J' lists the templates; a job's name is '--name %s'"),
         request->command[0]);
  if (shell_word != NULL && kslurm_call_has(call, "list") == FALSE)
    note(request,
         _("'%s' reaches the program as it is; for a line of shell, quote the whole "
           "command as "
           "one word"),
         shell_word);
  return TRUE;
}

static void
copy_flags(KslurmRequest *request, KslurmCall *call)
{
  g_autoptr(GPtrArray) given = g_ptr_array_new();

  for (gsize i = 0; flags[i] != NULL; i++)
    if (kslurm_call_has(call, flags[i]))
      g_ptr_array_add(given, g_strdup(flags[i]));
  g_ptr_array_add(given, NULL);
  request->options = (char **)g_ptr_array_free(g_steal_pointer(&given), FALSE);
}

/**
 * kslurm_request_new_from_call: (skip)
 * @kind: the command
 * @call: a call scanned by that command's table
 * @config: the configuration: templates, the style of GPU requests
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the request, or %NULL with @error set
 */
KslurmRequest *
kslurm_request_new_from_call(KslurmRequestKind kind,
                             KslurmCall *call,
                             KslurmConfig *config,
                             GError **error)
{
  g_autoptr(KslurmRequest) request = g_atomic_rc_box_new0(KslurmRequest);
  KslurmWords *words = kslurm_words_of_call(call);
  const char *template = kslurm_call_get(call, "job-template");

  request->kind = kind;
  request->settings = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
  request->notes = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(request->notes, NULL);
  request->command = g_strdupv((char **)kslurm_call_get_rest(call));
  request->directory = g_strdup(words->directory != NULL ? words->directory : words->cwd);
  request->venv = g_strdup(kslurm_call_get(call, "venv"));
  if (request->venv != NULL && request->venv[0] == '\0')
    g_clear_pointer(&request->venv, g_free);
  if (request->venv != NULL && !kslurm_venv_name_check(request->venv, error))
    return NULL;
  copy_flags(request, call);
  add_words(request->settings, words, kslurm_call_get_typed(call, "gpu"), config);
  if (!add_foreign(request->settings, call, error) ||
      (template != NULL && !add_template(request->settings, template, config, error)) ||
      !check_habits(request, call, error))
    return NULL;
  return g_steal_pointer(&request);
}
