/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-plan-private.h"

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
