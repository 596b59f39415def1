/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/request/kslurm-plan-private.h"

/**
 * kslurm_plan_take_variable: (skip)
 * @plan: a plan in the making
 * @name: of a variable that our programs set for the planner; it is not for the job
 *
 * Returns: (transfer full) (nullable): its value; an empty one counts as none
 */
char *
kslurm_plan_take_variable(KslurmPlan *plan, const char *name)
{
  const char *value = g_environ_getenv(plan->environ, name);
  char *taken = value != NULL && value[0] != '\0' ? g_strdup(value) : NULL;

  plan->environ = g_environ_unsetenv(plan->environ, name);
  return taken;
}

static gboolean
belongs_to_job(const char *variable)
{
  static const char *const kept[] = {
      "SLURM_CONF=", "SLURM_CLUSTERS=", "SLURM_ACCOUNT=", NULL};
  static const char *const prefixes[] = {"SLURM_", "SLURMD_", "SRUN_", "PMI", NULL};

  for (gsize i = 0; kept[i] != NULL; i++)
    if (g_str_has_prefix(variable, kept[i]))
      return FALSE;
  for (gsize i = 0; prefixes[i] != NULL; i++)
    if (g_str_has_prefix(variable, prefixes[i]))
      return TRUE;
  return FALSE;
}

/**
 * kslurm_plan_leave_job: (skip)
 * @plan: a plan in the making
 *
 * Takes away what a job that we are in left in the environment: a new job would inherit
 * its limits and die.
 */
void
kslurm_plan_leave_job(KslurmPlan *plan)
{
  for (gsize i = 0; plan->environ[i] != NULL; i++)
    if (belongs_to_job(plan->environ[i]))
      g_ptr_array_add(plan->unset,
                      g_strndup(plan->environ[i], strcspn(plan->environ[i], "=")));
}
