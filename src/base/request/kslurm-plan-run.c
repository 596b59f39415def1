/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-command.h"
#include "base/request/kslurm-duration.h"
#include "base/request/kslurm-plan-venv.h"
#include "base/shell/kslurm-shell-start.h"

static const char *
get_variable(KslurmPlan *plan, const char *name)
{
  const char *value = g_environ_getenv(plan->environ, name);

  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* a shell inside a job asks for one of its own, as it always did; a command is a step */
static void
find_job(KslurmPlan *plan)
{
  const char *job = get_variable(plan, "SLURM_JOB_ID");
  gboolean command = kslurm_request_get_command(plan->request)[0] != NULL;

  if (job == NULL)
    job = get_variable(plan, "SLURM_JOBID");
  if (job == NULL)
    return;
  if (command && !kslurm_request_has(plan->request, "new")) {
    plan->step_of = g_strdup(job);
    return;
  }
  if (!command && !kslurm_request_has(plan->request, "new"))
    kslurm_plan_note(plan, _("you are in job %s; this asks for a job of its own"), job);
  kslurm_plan_leave_job(plan);
}

static gboolean
is_one_task(KslurmPlan *plan)
{
  const KslurmSetting *tasks = kslurm_settings_get_winner(plan->settings, "tasks");

  return tasks == NULL || g_strcmp0(tasks->value, "1") == 0;
}

static gboolean
wants_terminal(KslurmPlan *plan, const KslurmWorld *world)
{
  return world->terminal && is_one_task(plan) &&
         !kslurm_request_has(plan->request, "no-stdin");
}

static void
add_vector(KslurmPlan *plan, const char *const *words)
{
  g_auto(GStrv) before = kslurm_plan_venv_dup_before(plan);
  g_auto(GStrv) vector =
      kslurm_command_dup_vector(words, (const char *const *)before, plan->init);

  if (vector[0][0] == '-')
    kslurm_plan_add(plan, "--");
  for (gsize i = 0; vector[i] != NULL; i++)
    kslurm_plan_add(plan, vector[i]);
}

/* a step takes what its job has; without '--overlap' it would wait for the shell to end */
static void
begin_step(KslurmPlan *plan)
{
  g_autofree char *jobid = NULL;
  const KslurmSetting *tasks = kslurm_settings_get_winner(plan->settings, "tasks");
  const KslurmSetting *nodes = kslurm_settings_get_winner(plan->settings, "nodes");

  kslurm_plan_add(plan, "--overlap");
  if (get_variable(plan, "SLURM_JOB_ID") == NULL) {
    jobid = g_strconcat("--jobid=", plan->step_of, NULL);
    kslurm_plan_add(plan, jobid);
  }
  if (tasks != NULL)
    return;
  g_ptr_array_add(plan->settings,
                  kslurm_setting_new("tasks", "ntasks", "1", KSLURM_LEVEL_USER, NULL));
  if (nodes == NULL)
    g_ptr_array_add(plan->settings,
                    kslurm_setting_new("nodes", "nodes", "1", KSLURM_LEVEL_USER, NULL));
}

static void
plan_command(KslurmPlan *plan, const KslurmWorld *world)
{
  const char *const *words = kslurm_request_get_command(plan->request);

  kslurm_plan_add(plan, "srun");
  if (plan->step_of != NULL)
    begin_step(plan);
  kslurm_plan_ask(plan, world, "SLURM_");
  if (plan->step_of == NULL) {
    g_autofree char *name = kslurm_command_dup_name(words);

    g_ptr_array_add(plan->settings, kslurm_setting_new("name", "job-name", name,
                                                       KSLURM_LEVEL_DEFAULT, NULL));
  }
  kslurm_plan_add_options(plan);
  if (kslurm_request_has(plan->request, "no-stdin"))
    kslurm_plan_add(plan, "--input=none");
  if (wants_terminal(plan, world))
    kslurm_plan_add(plan, "--pty");
  add_vector(plan, words);
}

static void
add_shell(KslurmPlan *plan, const char *shell)
{
  g_auto(GStrv) words =
      kslurm_shell_start_dup_words(shell, plan->rc, get_variable(plan, "ZDOTDIR"));

  for (gsize i = 0; words[i] != NULL; i++)
    kslurm_plan_add(plan, words[i]);
}

/* a bare salloc gives a shell on the login node at most sites */
static void
plan_shell(KslurmPlan *plan, const KslurmWorld *world)
{
  const char *shell = get_variable(plan, "SHELL");
  g_auto(GStrv) before = kslurm_plan_venv_dup_before(plan);

  kslurm_plan_add(plan, "salloc");
  kslurm_plan_ask(plan, world, "SALLOC_");
  kslurm_plan_add_options(plan);
  kslurm_plan_add(plan, "srun");
  kslurm_plan_add(plan, "--interactive");
  kslurm_plan_add(plan, "--preserve-env");
  if (wants_terminal(plan, world))
    kslurm_plan_add(plan, "--pty");
  for (gsize i = 0; before != NULL && before[i] != NULL; i++)
    kslurm_plan_add(plan, before[i]);
  add_shell(plan, shell != NULL ? shell : "/bin/bash");
}

static void
check_limit(KslurmPlan *plan, KslurmConfig *config)
{
  const char *text = kslurm_config_get(config, "interactive.max-time");
  const KslurmSetting *time = kslurm_settings_get_winner(plan->settings, "time");
  guint64 limit = 0, asked = 0;

  if (text == NULL || time == NULL || plan->step_of != NULL ||
      kslurm_duration_parse(text, &limit, NULL) != KSLURM_PARSE_YES ||
      !kslurm_duration_parse_slurm(time->value, &asked) || asked <= limit)
    return;
  kslurm_plan_note(
      plan,
      _("this site lets interactive jobs run for %s at most; kbatch is for longer ones"),
      text);
}

/**
 * kslurm_plan_run: (skip)
 * @plan: a plan in the making
 * @world: what it depends on
 *
 * Plans a krun: a command, a shell, or a step of the job that we are in.
 */
void
kslurm_plan_run(KslurmPlan *plan, const KslurmWorld *world)
{
  find_job(plan);
  if (kslurm_request_get_command(plan->request)[0] != NULL)
    plan_command(plan, world);
  else
    plan_shell(plan, world);
  check_limit(plan, world->config);
}
