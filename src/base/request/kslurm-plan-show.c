/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-duration.h"
#include "base/request/kslurm-memory.h"
#include "base/request/kslurm-plan-private.h"
#include "base/util/kslurm-quote.h"

/**
 * kslurm_plan_get_argv:
 * @plan: a plan
 *
 * Gives what to run: srun, salloc or sbatch, and its arguments.
 *
 * Returns: (transfer none) (array zero-terminated=1) (element-type filename): the argument
 *   vector to run
 */
const char *const *
kslurm_plan_get_argv(KslurmPlan *plan)
{
  return (const char *const *)plan->argv->pdata;
}

/**
 * kslurm_plan_get_input:
 * @plan: a plan
 *
 * Gives what the program is to read on its stdin.
 *
 * Returns: (transfer none) (nullable): the script that goes to sbatch's stdin
 */
GBytes *
kslurm_plan_get_input(KslurmPlan *plan)
{
  return plan->input;
}

/**
 * kslurm_plan_get_step_of:
 * @plan: a plan
 *
 * Tells whether the plan is a step of the job that @environ was in, and of which.
 *
 * Returns: (transfer none) (nullable): the id of the job that this is a step of
 */
const char *
kslurm_plan_get_step_of(KslurmPlan *plan)
{
  return plan->step_of;
}

/**
 * kslurm_plan_get_option:
 * @plan: a plan
 * @group: a kind of word: "time", "cpus", "memory", "gpu", "nodes", "tasks", "array",
 *   "account", "name", "after", "directory", "x11"
 *
 * Tells which of Slurm's options decides something, whoever asked for it: the user, a
 * variable, the script, the configuration, or our default.
 *
 * Returns: (transfer none) (nullable): the Slurm option that holds: "mem-per-cpu"
 */
const char *
kslurm_plan_get_option(KslurmPlan *plan, const char *group)
{
  const KslurmSetting *winner = kslurm_settings_get_winner(plan->settings, group);

  return winner != NULL ? winner->option : NULL;
}

/**
 * kslurm_plan_get_value:
 * @plan: a plan
 * @group: a kind of word, as kslurm_plan_get_option() takes it
 *
 * Tells what holds for something, whoever asked for it.
 *
 * Returns: (transfer none) (nullable) (type filename): the option's value, in Slurm's own
 *   writing
 */
const char *
kslurm_plan_get_value(KslurmPlan *plan, const char *group)
{
  const KslurmSetting *winner = kslurm_settings_get_winner(plan->settings, group);

  return winner != NULL ? winner->value : NULL;
}

/**
 * kslurm_plan_get_notes:
 * @plan: a plan
 *
 * Gives what the user should be told before the plan is run.
 *
 * Returns: (transfer none) (array zero-terminated=1): sentences, maybe
 *   none
 */
const char *const *
kslurm_plan_get_notes(KslurmPlan *plan)
{
  return (const char *const *)plan->notes->pdata;
}

/**
 * kslurm_plan_dup_environ:
 * @plan: a plan
 *
 * Gives the environment to run the plan in.
 *
 * Returns: (transfer full) (array zero-terminated=1) (element-type filename): the
 *   environment to run it in: the caller's, without what would be in the way
 */
char **
kslurm_plan_dup_environ(KslurmPlan *plan)
{
  char **environ = g_strdupv(plan->environ);

  for (guint i = 0; i < plan->unset->len; i++)
    environ = g_environ_unsetenv(environ, plan->unset->pdata[i]);
  return environ;
}

/**
 * kslurm_plan_to_line:
 * @plan: a plan
 *
 * Writes the command as a line of shell.
 *
 * Returns: (transfer full) (type filename): the command, quoted so that it can be pasted
 *   into a shell, with the variables that it takes away
 */
char *
kslurm_plan_to_line(KslurmPlan *plan)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new();

  if (plan->unset->len > 0)
    g_ptr_array_add(words, (char *)"env");
  for (guint i = 0; i < plan->unset->len; i++) {
    g_ptr_array_add(words, (char *)"-u");
    g_ptr_array_add(words, plan->unset->pdata[i]);
  }
  for (guint i = 0; i < plan->argv->len; i++)
    g_ptr_array_add(words, plan->argv->pdata[i]);
  return kslurm_shell_join(KSLURM_DIALECT_BASH, (const char *const *)words->pdata);
}

static char *
dup_time(const char *option, const char *value)
{
  guint64 seconds = 0;

  return kslurm_duration_parse_slurm(value, &seconds) ? kslurm_duration_to_words(seconds)
                                                      : NULL;
}

static char *
dup_cpus(const char *option, const char *value)
{
  guint64 n = g_ascii_strtoull(value, NULL, 10);

  if (!g_str_equal(option, "cpus-per-task"))
    return NULL;
  return g_strdup_printf(ngettext("%u cpu", "%u cpus", n), (guint)n);
}

static char *
dup_memory(const char *option, const char *value)
{
  g_autofree char *words = NULL;
  guint64 megabytes = 0;

  if (!kslurm_memory_parse_slurm(value, &megabytes))
    return NULL;
  if (megabytes == 0)
    return g_strdup(_("all memory of the node"));
  words = kslurm_memory_to_words(megabytes);
  if (g_str_equal(option, "mem-per-cpu"))
    return g_strdup_printf(_("%s per cpu"), words);
  if (g_str_equal(option, "mem-per-gpu"))
    return g_strdup_printf(_("%s per gpu"), words);
  return g_steal_pointer(&words);
}

static char *
dup_gpus(const char *option, const char *value)
{
  const char *spec = g_str_has_prefix(value, "gpu:") ? value + 4 : value;
  const char *colon = strrchr(spec, ':');
  const char *count = colon != NULL ? colon + 1 : spec;
  guint64 n = g_ascii_strtoull(count, NULL, 10);

  if (!g_str_equal(option, "gres") && !g_str_equal(option, "gpus-per-node"))
    return NULL;
  if (n == 0 || strchr(spec, ',') != NULL)
    return NULL;
  if (colon != NULL)
    return g_strdup_printf(ngettext("%u %.*s gpu", "%u %.*s gpus", n), (guint)n,
                           (int)(colon - spec), spec);
  return g_strdup_printf(ngettext("%u gpu", "%u gpus", n), (guint)n);
}

static char *
dup_nodes(const char *option, const char *value)
{
  return g_strdup_printf(ngettext("%s node", "%s nodes", g_ascii_strtoull(value, NULL, 10)),
                         value);
}

static char *
dup_tasks(const char *option, const char *value)
{
  return g_strdup_printf(ngettext("%s task", "%s tasks", g_ascii_strtoull(value, NULL, 10)),
                         value);
}

static char *
dup_array(const char *option, const char *value)
{
  return g_strdup_printf(_("array %s"), value);
}

static char *
dup_account(const char *option, const char *value)
{
  return g_strdup_printf(_("account %s"), value);
}

static const struct {
  const char *group;
  char *(*dup)(const char *option, const char *value);
} shown[] = {{"time", dup_time},   {"nodes", dup_nodes},    {"tasks", dup_tasks},
             {"cpus", dup_cpus},   {"memory", dup_memory},  {"gpu", dup_gpus},
             {"array", dup_array}, {"account", dup_account}};

/* what is not from the user or us is marked, or they would look for it in vain */
static char *
dup_shown(const KslurmSetting *winner, char *(*dup)(const char *, const char *))
{
  g_autofree char *words =
      winner->value != NULL ? dup(winner->option, winner->value) : NULL;

  if (words == NULL)
    words = kslurm_setting_to_text(winner);
  if (winner->level == KSLURM_LEVEL_VARIABLE)
    return g_strdup_printf("%s (%s)", words, winner->origin);
  if (winner->level == KSLURM_LEVEL_SCRIPT)
    return g_strdup_printf(_("%s (script)"), words);
  return g_steal_pointer(&words);
}

/**
 * kslurm_plan_to_words:
 * @plan: a plan
 *
 * Writes what was understood.
 *
 * Returns: (transfer full): what was understood, in the user's language: '3 h 00 min, 4
 *   cpus, 15 GB, account x'
 */
char *
kslurm_plan_to_words(KslurmPlan *plan)
{
  GString *text = g_string_new(NULL);

  if (plan->step_of != NULL)
    g_string_append_printf(text, _("a step of job %s"), plan->step_of);
  for (gsize i = 0; i < G_N_ELEMENTS(shown); i++) {
    const KslurmSetting *winner =
        kslurm_settings_get_winner(plan->settings, shown[i].group);
    g_autofree char *words = NULL;

    /* of a step only what the user typed is news */
    if (winner == NULL || (plan->step_of != NULL &&
                           (winner->origin == NULL || winner->level != KSLURM_LEVEL_USER)))
      continue;
    words = dup_shown(winner, shown[i].dup);
    g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", words);
  }
  return g_string_free(text, FALSE);
}

static const KslurmSetting *
find_output(KslurmPlan *plan)
{
  const KslurmSetting *found = NULL;

  for (guint i = 0; i < plan->settings->len; i++) {
    const KslurmSetting *setting = plan->settings->pdata[i];

    if (g_str_equal(setting->option, "output") &&
        (found == NULL || setting->level <= found->level))
      found = setting;
  }
  return found;
}

/**
 * kslurm_plan_dup_output:
 * @plan: a kbatch's plan
 *
 * Tells where Slurm will write what the job prints.
 *
 * Returns: (transfer full) (type filename): the absolute path of the job's output, with
 *   Slurm's '%j' patterns
 */
char *
kslurm_plan_dup_output(KslurmPlan *plan)
{
  const KslurmSetting *output = find_output(plan);
  const KslurmSetting *directory = kslurm_settings_get_winner(plan->settings, "directory");
  const char *base =
      directory != NULL ? directory->value : kslurm_request_get_directory(plan->request);
  gboolean array = kslurm_settings_get_winner(plan->settings, "array") != NULL;

  if (output != NULL && output->value != NULL)
    return g_canonicalize_filename(output->value, base);
  return g_canonicalize_filename(array ? "slurm-%A_%a.out" : "slurm-%j.out", base);
}
