/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/args/kslurm-main.h"
#include "base/request/kslurm-script.h"
#include "base/slurm/kslurm-slurm-options.h"
#include "base/slurm/kslurm-submission.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "cmd/request.h"

#define SCRIPT_LIMIT (4 * 1024 * 1024) /* Slurm's own */

/* the script that the first word names: a file in the job's folder, never one on PATH */
static GBytes *
read_script(KslurmRequest *request)
{
  const char *word = kslurm_request_get_command(request)[0];
  g_autofree char *path = NULL;
  g_autoptr(GBytes) script = NULL;

  if (word == NULL)
    return NULL;
  path = g_canonicalize_filename(word, kslurm_request_get_directory(request));
  script = kslurm_file_read(path, SCRIPT_LIMIT, NULL);
  if (script == NULL || !kslurm_script_is_script(script))
    return NULL;
  return g_steal_pointer(&script);
}

static void
show_script(KslurmPlan *plan)
{
  GBytes *input = kslurm_plan_get_input(plan);
  g_autofree char *line = kslurm_plan_to_line(plan);
  gsize length = 0;
  const char *text = NULL;

  if (input == NULL) {
    printf("%s\n", line);
    return;
  }
  text = g_bytes_get_data(input, &length);
  printf("%s <<'KSLURM_SCRIPT'\n", line);
  fwrite(text, 1, length, stdout);
  printf("%sKSLURM_SCRIPT\n", length > 0 && text[length - 1] == '\n' ? "" : "\n");
}

static int
test(KslurmCall *call, KslurmPlan *plan, GCancellable *cancellable, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autofree char *estimate = NULL;

  show_script(plan);
  fflush(stdout);
  estimate = kslurm_submission_estimate(plan, cancellable, &failure);
  if (estimate != NULL) {
    kslurm_call_note(call, _("Slurm would take it; it would start %s"), estimate);
    return 0;
  }
  if (g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_DENIED)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return 1;
  }
  if (failure != NULL)
    kslurm_call_note(call, _("not checked with Slurm: %s"), failure->message);
  return 0;
}

static void
print_job(const char *job, KslurmSubmission *submission, KslurmPlan *plan)
{
  g_autofree char *pattern = kslurm_plan_dup_output(plan);
  g_autofree char *output = kslurm_submission_fill_pattern(pattern, job);
  const char *estimate = NULL;

  printf(_("Submitted batch job %s\n"), job);
  fflush(stdout);
  estimate = kslurm_submission_get_estimate(submission, job);
  if (estimate != NULL)
    printf(_("  starts  %s\n"), estimate);
  printf(_("  output  %s\n"), output);
  printf(_("  cancel  scancel %s\n"), job);
}

static int
submit(KslurmPlan *plan, GCancellable *cancellable, GError **error)
{
  gboolean person = isatty(STDOUT_FILENO);
  g_autoptr(KslurmSubmission) submission =
      kslurm_submission_start(plan, person, cancellable);
  g_autofree char *job = kslurm_submission_finish(submission, error);

  if (job == NULL)
    return 1;
  if (person)
    print_job(job, submission, plan);
  else
    printf("%s\n", job);
  return 0;
}

static int
run(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmConfig) config = request_load_config(call, error);
  g_autoptr(KslurmRequest) request = NULL;
  g_autoptr(KslurmPlan) plan = NULL;
  g_autoptr(GBytes) script = NULL;
  g_auto(GStrv) environ = g_get_environ();

  if (config == NULL)
    return 1;
  request = kslurm_request_new_from_call(KSLURM_REQUEST_BATCH, call, config, error);
  if (request == NULL)
    return 2;
  if (kslurm_request_has(request, "list"))
    return request_list_templates(call, config);
  script = read_script(request);
  plan =
      kslurm_plan_new(request, config, (const char *const *)environ, FALSE, script, error);
  if (plan == NULL)
    return 2;
  request_show_plan(call, plan);
  if (kslurm_request_has(request, "test") || kslurm_request_has(request, "dry-run"))
    return test(call, plan, cancellable, error);
  return submit(plan, cancellable, error);
}

static const KslurmVerb program = {
    .name = "kbatch",
    .summary = N_("Submit a command, or a script with its #SBATCH lines, as a batch job."),
    .args = kslurm_kbatch_args,
    .foreign = kslurm_sbatch_options,
    .waits = TRUE,
    .run = run,
};

int
main(int argc, char **argv)
{
  return kslurm_main(&program, argc, argv);
}
