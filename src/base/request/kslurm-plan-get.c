/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/request/kslurm-plan-private.h"

#define WIDEST 10 /* that Slurm pads an id to */

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
 * kslurm_plan_get_option_value:
 * @plan: a plan
 * @option: a Slurm option that no word stands for: "partition"
 *
 * Looks at what won among the words, the environment, the script and the configuration.
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
kslurm_plan_get_option_value(KslurmPlan *plan, const char *option)
{
  const KslurmSetting *found = NULL;

  for (guint i = 0; i < plan->settings->len; i++) {
    const KslurmSetting *setting = plan->settings->pdata[i];

    if (g_str_equal(setting->option, option) &&
        (found == NULL || setting->level <= found->level))
      found = setting;
  }
  return found != NULL ? found->value : NULL;
}

/* FALSE for what differs between the parts of a job */
static gboolean
append_field(GString *path, KslurmPlan *plan, const char *job, char letter, gsize width)
{
  const char *name = kslurm_plan_get_value(plan, "name");
  g_autofree char *script =
      g_path_get_basename(kslurm_request_get_command(plan->request)[0]);

  switch (letter) {
  case 'A':
  case 'j':
    for (gsize i = strlen(job); i < width; i++)
      g_string_append_c(path, '0');
    g_string_append(path, job);
    return TRUE;
  case 'u':
    g_string_append(path, g_get_user_name());
    return TRUE;
  case 'x':
    g_string_append(path, name != NULL ? name : script);
    return TRUE;
  case '%':
    g_string_append_c(path, '%');
    return TRUE;
  default:
    return FALSE;
  }
}

static char *
fill_pattern(const char *pattern, KslurmPlan *plan, const char *job)
{
  GString *path = g_string_new(NULL);

  for (const char *p = pattern; *p != '\0';) {
    gsize digits = *p == '%' ? strspn(p + 1, "0123456789") : 0;
    gsize width = digits > 0 ? MIN(g_ascii_strtoull(p + 1, NULL, 10), WIDEST) : 0;
    gsize length = 1;

    if (*p == '%' && append_field(path, plan, job, p[1 + digits], width))
      length = digits + 2;
    else
      g_string_append_c(path, *p);
    p += length;
  }
  return g_string_free(path, FALSE);
}

/**
 * kslurm_plan_dup_output:
 * @plan: a kbatch's plan
 * @job: the job's id
 *
 * Tells where Slurm will write what the job prints.
 *
 * Returns: (transfer full) (type filename): the path of the job's output; Slurm's patterns
 *   for parts of a job stay in it
 */
char *
kslurm_plan_dup_output(KslurmPlan *plan, const char *job)
{
  const char *pattern = kslurm_plan_get_option_value(plan, "output");
  const KslurmSetting *directory = kslurm_settings_get_winner(plan->settings, "directory");
  gboolean array = kslurm_settings_get_winner(plan->settings, "array") != NULL;
  g_autofree char *path = NULL;

  if (pattern == NULL)
    pattern = array ? "slurm-%A_%a.out" : "slurm-%j.out";
  /* a backslash means that nothing is a pattern */
  path =
      strchr(pattern, '\\') != NULL ? g_strdup(pattern) : fill_pattern(pattern, plan, job);
  return g_canonicalize_filename(path, directory != NULL
                                           ? directory->value
                                           : kslurm_request_get_directory(plan->request));
}
