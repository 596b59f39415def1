/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-duration.h"
#include "base/request/kslurm-memory.h"
#include "base/request/kslurm-plan-private.h"
#include "base/util/kslurm-quote.h"

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
  return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u cpu", "%u cpus", n), (guint)n);
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
    return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u %.*s gpu", "%u %.*s gpus", n),
                           (guint)n, (int)(colon - spec), spec);
  return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u gpu", "%u gpus", n), (guint)n);
}

static char *
dup_nodes(const char *option, const char *value)
{
  return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%s node", "%s nodes",
                                     g_ascii_strtoull(value, NULL, 10)),
                         value);
}

static char *
dup_tasks(const char *option, const char *value)
{
  return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%s task", "%s tasks",
                                     g_ascii_strtoull(value, NULL, 10)),
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
