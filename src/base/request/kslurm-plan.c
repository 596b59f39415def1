/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-plan-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-plan-venv.h"
#include "base/request/kslurm-script.h"
#include "base/util/kslurm-error-private.h"

G_DEFINE_BOXED_TYPE(KslurmPlan, kslurm_plan, kslurm_plan_ref, kslurm_plan_unref)

/* the order in which a reader looks for them */
static const char *const groups[] = {"time",      "cpus",  "memory",  "gpu",  "nodes",
                                     "tasks",     "array", "account", "name", "after",
                                     "directory", "x11",   NULL};

/**
 * kslurm_plan_add: (skip)
 * @plan: a plan in the making
 * @word: the next word of its argument vector
 */
void
kslurm_plan_add(KslurmPlan *plan, const char *word)
{
  g_ptr_array_insert(plan->argv, (int)plan->argv->len - 1, g_strdup(word));
}

/**
 * kslurm_plan_note: (skip)
 * @plan: a plan in the making
 * @format: a sentence
 *
 * Keeps advice for the user.
 */
void
kslurm_plan_note(KslurmPlan *plan, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_ptr_array_insert(plan->notes, (int)plan->notes->len - 1,
                     g_strdup_vprintf(format, args));
  va_end(args);
}

static void
add(KslurmPlan *plan,
    const char *group,
    const char *option,
    const char *value,
    KslurmLevel level,
    const char *origin)
{
  g_ptr_array_add(plan->settings, kslurm_setting_new(group, option, value, level, origin));
}

/* the account by the kind of job, then the account for all */
static void
ask_account(KslurmPlan *plan, KslurmConfig *config)
{
  gboolean gpu = kslurm_settings_get_winner(plan->settings, "gpu") != NULL;
  const char *key = gpu ? "account.gpu" : "account.cpu";
  const char *account = kslurm_config_get(config, key);

  if (account == NULL)
    account = kslurm_config_get(config, "account");
  if (account != NULL)
    add(plan, "account", "account", account, KSLURM_LEVEL_CONFIG, key);
}

/* configured defaults are words, read as those of the command line */
static void
ask_configured(KslurmPlan *plan, KslurmConfig *config, const char *key)
{
  const char *text = kslurm_config_get(config, key);
  g_autoptr(GPtrArray) words =
      g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
  g_autoptr(GError) error = NULL;

  if (text == NULL)
    return;
  if (!kslurm_request_read_words(words, text, config, &error))
    kslurm_plan_note(plan, _("the setting '%s' is not used: %s"), key, error->message);
  for (guint i = 0; i < words->len; i++) {
    const KslurmSetting *word = words->pdata[i];

    add(plan, word->group, word->option, word->value, KSLURM_LEVEL_CONFIG, key);
  }
}

/**
 * kslurm_plan_ask: (skip)
 * @plan: a plan in the making
 * @world: what it depends on
 * @prefix: of the program's input variables
 *
 * Gathers what variables, the script, the configuration and our defaults ask for, where
 * the user did not; a group that is set by anybody gets no default.
 */
void
kslurm_plan_ask(KslurmPlan *plan, const KslurmWorld *world, const char *prefix)
{
  static const char *const keys[] = {"default.time", "default.cpus", "default.memory"};
  g_auto(GStrv) child = kslurm_plan_dup_environ(plan);

  kslurm_settings_add_variables(plan->settings, prefix, (const char *const *)child);
  if (plan->step_of != NULL)
    return;
  if (world->script != NULL)
    kslurm_script_add_settings(world->script, plan->settings);
  ask_account(plan, world->config);
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
    ask_configured(plan, world->config, keys[i]);
  add(plan, "time", "time", "03:00:00", KSLURM_LEVEL_DEFAULT, NULL);
  add(plan, "cpus", "cpus-per-task", "1", KSLURM_LEVEL_DEFAULT, NULL);
  add(plan, "memory", "mem", "4000M", KSLURM_LEVEL_DEFAULT, NULL);
}

static gboolean
is_ours_to_give(KslurmLevel level)
{
  return level != KSLURM_LEVEL_VARIABLE && level != KSLURM_LEVEL_SCRIPT;
}

static void
add_option(KslurmPlan *plan, const KslurmSetting *setting)
{
  g_autofree char *text = kslurm_setting_to_text(setting);

  /* an option that only Slurm knows goes as it was typed */
  kslurm_plan_add(plan, setting->option[0] == '\0' ? setting->origin : text);
}

/**
 * kslurm_plan_add_options: (skip)
 * @plan: a plan in the making
 *
 * Adds the options that hold and that nobody else gives, and takes away the variables that
 * are in their way.
 */
void
kslurm_plan_add_options(KslurmPlan *plan)
{
  for (gsize i = 0; groups[i] != NULL; i++) {
    const KslurmSetting *winner = kslurm_settings_get_winner(plan->settings, groups[i]);

    if (winner != NULL && is_ours_to_give(winner->level))
      add_option(plan, winner);
  }
  for (guint i = 0; i < plan->settings->len; i++) {
    const KslurmSetting *setting = plan->settings->pdata[i];

    if (setting->group == NULL && is_ours_to_give(setting->level))
      add_option(plan, setting);
    if (setting->level == KSLURM_LEVEL_VARIABLE &&
        kslurm_settings_is_beaten(plan->settings, setting))
      g_ptr_array_add(plan->unset, g_strdup(setting->origin));
  }
}

static KslurmPlan *
plan_begin(KslurmRequest *request, const char *const *environ)
{
  KslurmPlan *plan = g_atomic_rc_box_new0(KslurmPlan);
  GPtrArray *asked = kslurm_request_get_settings(request);
  const char *const *notes = kslurm_request_get_notes(request);

  plan->request = kslurm_request_ref(request);
  plan->settings = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
  plan->notes = g_ptr_array_new_with_free_func(g_free);
  plan->argv = g_ptr_array_new_with_free_func(g_free);
  plan->unset = g_ptr_array_new_with_free_func(g_free);
  plan->environ = g_strdupv((char **)environ);
  plan->kpy = kslurm_plan_take_variable(plan, "KSLURM_KPY");
  plan->init = kslurm_plan_take_variable(plan, "KSLURM_INIT");
  plan->rc = kslurm_plan_take_variable(plan, "KSLURM_RC");
  if (plan->kpy == NULL)
    plan->kpy = g_strdup("kpy");
  g_ptr_array_add(plan->notes, NULL);
  g_ptr_array_add(plan->argv, NULL);
  for (gsize i = 0; notes[i] != NULL; i++)
    kslurm_plan_note(plan, "%s", notes[i]);
  for (guint i = 0; i < asked->len; i++) {
    const KslurmSetting *s = asked->pdata[i];

    add(plan, s->group, s->option, s->value, s->level, s->origin);
  }
  return plan;
}

/**
 * kslurm_plan_new:
 * @request: what the user asked for
 * @config: the configuration
 * @environ: (array zero-terminated=1) (element-type filename): the environment, as
 *   'NAME=VALUE'; its SHELL is the one that a krun without a command opens
 * @terminal: whether stdin and stdout are terminals
 * @script: (nullable): for kbatch: the content of the file that the command's first word
 *   names, when that is a script; %NULL for a command
 * @error: return location
 *
 * Decides what to run. It touches no file, network or process.
 *
 * Returns: (transfer full): the plan, or %NULL with %KSLURM_ERROR_USAGE set when a kbatch
 *   has no command
 */
KslurmPlan *
kslurm_plan_new(KslurmRequest *request,
                KslurmConfig *config,
                const char *const *environ,
                gboolean terminal,
                GBytes *script,
                GError **error)
{
  const KslurmWorld world = {config, terminal, script};
  KslurmPlan *plan = NULL;

  g_return_val_if_fail(request != NULL && config != NULL && environ != NULL, NULL);
  if (kslurm_request_get_kind(request) == KSLURM_REQUEST_BATCH &&
      kslurm_request_get_command(request)[0] == NULL) {
    kslurm_set_usage(
        error, _("what is to be run? give a command or a script; krun opens a shell"));
    return NULL;
  }
  plan = plan_begin(request, environ);
  if (kslurm_request_get_kind(request) == KSLURM_REQUEST_BATCH)
    kslurm_plan_batch(plan, &world);
  else
    kslurm_plan_run(plan, &world);
  kslurm_plan_venv_warn(plan, config);
  return plan;
}

/**
 * kslurm_plan_ref: (skip)
 * @plan: a plan
 *
 * Takes a reference, from any thread.
 *
 * Returns: (transfer full): the same plan
 */
KslurmPlan *
kslurm_plan_ref(KslurmPlan *plan)
{
  return g_atomic_rc_box_acquire(plan);
}

static void
plan_clear(gpointer data)
{
  KslurmPlan *plan = data;

  kslurm_request_unref(plan->request);
  g_ptr_array_unref(plan->settings);
  g_ptr_array_unref(plan->notes);
  g_ptr_array_unref(plan->argv);
  g_ptr_array_unref(plan->unset);
  g_strfreev(plan->environ);
  g_clear_pointer(&plan->input, g_bytes_unref);
  g_free(plan->step_of);
  g_free(plan->kpy);
  g_free(plan->init);
  g_free(plan->rc);
}

/**
 * kslurm_plan_unref: (skip)
 * @plan: (transfer full): a plan
 *
 * Gives a reference back, from any thread; the last one frees @plan.
 */
void
kslurm_plan_unref(KslurmPlan *plan)
{
  g_atomic_rc_box_release_full(plan, plan_clear);
}
