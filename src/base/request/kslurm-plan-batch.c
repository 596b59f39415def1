/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-command.h"
#include "base/request/kslurm-plan-venv.h"
#include "base/request/kslurm-script.h"

static void
ask_name(KslurmPlan *plan, const char *name)
{
  g_ptr_array_add(plan->settings,
                  kslurm_setting_new("name", "job-name", name, KSLURM_LEVEL_DEFAULT, NULL));
}

static void
plan_command(KslurmPlan *plan, const char *const *words)
{
  g_auto(GStrv) before = kslurm_plan_venv_dup_before(plan);
  g_autofree char *line =
      kslurm_command_to_line(words, (const char *const *)before, plan->init);
  g_autofree char *name = kslurm_command_dup_name(words);
  GString *text = g_string_new("#!/bin/bash\n");

  kslurm_plan_venv_append_spread(plan, text);
  g_string_append_printf(text, "%s\n", line);
  plan->input = g_string_free_to_bytes(text);
  ask_name(plan, name);
}

/* gives the path for sbatch, or NULL when the script goes through its stdin */
static char *
plan_script(KslurmPlan *plan, GBytes *script)
{
  const char *const *words = kslurm_request_get_command(plan->request);
  g_autofree char *path =
      g_canonicalize_filename(words[0], kslurm_request_get_directory(plan->request));
  g_autofree char *name = g_path_get_basename(path);
  g_autoptr(GPtrArray) dropped = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GBytes) wrapped = NULL;

  if (kslurm_request_get_venv(plan->request) != NULL)
    wrapped = kslurm_plan_venv_wrap(plan, script, name);
  plan->input = kslurm_script_without_beaten(wrapped != NULL ? wrapped : script,
                                             plan->settings, dropped);
  for (guint i = 0; i < dropped->len; i++)
    kslurm_plan_note(plan, _("left out of the script, for your words win: %s"),
                     (char *)dropped->pdata[i]);
  if (plan->input == NULL && wrapped != NULL)
    plan->input = g_bytes_ref(wrapped);
  if (plan->input == NULL)
    return g_steal_pointer(&path);
  ask_name(plan, name);
  return NULL;
}

/* a job whose dependency failed would else wait for ever */
static void
ask_end_with_dependency(KslurmPlan *plan)
{
  const KslurmSetting *after = kslurm_settings_get_winner(plan->settings, "after");

  if (after != NULL && after->level == KSLURM_LEVEL_USER &&
      g_str_has_prefix(after->value, "afterok:"))
    g_ptr_array_add(plan->settings, kslurm_setting_new(NULL, "kill-on-invalid-dep", "yes",
                                                       KSLURM_LEVEL_DEFAULT, NULL));
}

/**
 * kslurm_plan_batch: (skip)
 * @plan: a plan in the making
 * @world: what it depends on
 *
 * Plans a kbatch: a command written into a script, or the user's own script.
 */
void
kslurm_plan_batch(KslurmPlan *plan, const KslurmWorld *world)
{
  const char *const *words = kslurm_request_get_command(plan->request);
  g_autofree char *path = NULL;

  kslurm_plan_leave_job(plan);
  kslurm_plan_ask(plan, world, "SBATCH_");
  ask_end_with_dependency(plan);
  if (world->script != NULL)
    path = plan_script(plan, world->script);
  else
    plan_command(plan, words);
  kslurm_plan_add(plan, "sbatch");
  kslurm_plan_add(plan, "--parsable");
  kslurm_plan_add_options(plan);
  if (world->script == NULL)
    return;
  if (plan->input == NULL || kslurm_request_get_venv(plan->request) == NULL)
    kslurm_plan_add(plan, path != NULL ? path : "/dev/stdin");
  for (gsize i = 1; words[i] != NULL && kslurm_request_get_venv(plan->request) == NULL; i++)
    kslurm_plan_add(plan, words[i]);
}
