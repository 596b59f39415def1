/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "base/args/kslurm-main.h"
#include "base/slurm/kslurm-slurm-options.h"
#include "base/slurm/kslurm-slurm.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-process.h"
#include "cmd/completers.h"
#include "cmd/load-config.h"
#include "cmd/request.h"

static gboolean
check_job(KslurmPlan *plan, GCancellable *cancellable, GError **error)
{
  const char *job = kslurm_plan_get_step_of(plan);

  if (job == NULL || !kslurm_slurm_job_is_gone(job, cancellable))
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
              _("job %s, which SLURM_JOB_ID names, does not run any more; leave its shell, "
                "'unset SLURM_JOB_ID', or ask for a new job with '--new'"),
              job);
  return FALSE;
}

static int
run(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmConfig) config = kslurm_load_config(call, error);
  g_autoptr(KslurmRequest) request = NULL;
  g_autoptr(KslurmPlan) plan = NULL;
  g_auto(GStrv) ours = NULL;
  g_auto(GStrv) environ = NULL;

  if (config == NULL)
    return 1;
  request = kslurm_request_new_from_call(KSLURM_REQUEST_RUN, call, config, error);
  if (request == NULL)
    return 2;
  if (kslurm_request_has(request, "list")) {
    for (gsize i = 0; kslurm_request_get_notes(request)[i] != NULL; i++)
      kslurm_call_note(call, "%s", kslurm_request_get_notes(request)[i]);
    return request_list_templates(call, config);
  }
  ours = request_dup_environ(request, config);
  plan = kslurm_plan_new(request, config, (const char *const *)ours,
                         isatty(STDIN_FILENO) && isatty(STDOUT_FILENO), NULL, error);
  if (plan == NULL)
    return 2;
  request_show_plan(call, plan);
  if (kslurm_request_has(request, "test") || kslurm_request_has(request, "dry-run")) {
    g_autofree char *line = kslurm_plan_to_line(plan);

    printf("%s\n", line);
    return 0;
  }
  if (!request_check_venv(request, plan, config, error) ||
      !check_job(plan, cancellable, error))
    return 1;
  environ = kslurm_plan_dup_environ(plan);
  kslurm_process_exec(kslurm_plan_get_argv(plan), (const char *const *)environ, error);
  return 1;
}

static const KslurmVerb program = {
    .name = "krun",
    .summary = N_("Run a command, or without one a shell, on a compute node now."),
    .args = kslurm_krun_args,
    .foreign = kslurm_srun_options,
    .completers = kslurm_completers,
    .run = run,
};

int
main(int argc, char **argv)
{
  return kslurm_main(&program, argc, argv);
}
