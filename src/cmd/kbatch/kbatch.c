/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/args/kslurm-main.h"
#include "base/request/kslurm-script.h"
#include "base/slurm/kslurm-estimate.h"
#include "base/slurm/kslurm-slurm-options.h"
#include "base/slurm/kslurm-submission.h"
#include "base/slurm/kslurm-when.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-text.h"
#include "cmd/completers.h"
#include "cmd/load-config.h"
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

/* a line of the script may not end what is pasted */
static char *
dup_end_mark(const char *text, gsize length)
{
  GString *mark = g_string_new("KSLURM_SCRIPT");

  while (memmem(text, length, mark->str, mark->len) != NULL)
    g_string_append_c(mark, '_');
  return g_string_free(mark, FALSE);
}

static void
show_script(KslurmPlan *plan)
{
  GBytes *input = kslurm_plan_get_input(plan);
  g_autofree char *line = kslurm_plan_to_line(plan);
  g_autofree char *mark = NULL;
  gsize length = 0;
  const char *text = NULL;

  if (input == NULL) {
    printf("%s\n", line);
    return;
  }
  text = g_bytes_get_data(input, &length);
  mark = dup_end_mark(text, length);
  printf("%s <<'%s'\n", line, mark);
  fwrite(text, 1, length, stdout);
  printf("%s%s\n", length > 0 && text[length - 1] == '\n' ? "" : "\n", mark);
}

static int
test(KslurmCall *call, KslurmPlan *plan, GCancellable *cancellable, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GDateTime) start = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_local();

  show_script(plan);
  fflush(stdout);
  start = kslurm_estimate_ask(plan, NULL, NULL, cancellable, &failure);
  if (start != NULL) {
    g_autofree char *words = kslurm_when_to_words(start, now);

    kslurm_call_note(call, _("Slurm would take it; it would start %s"), words);
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

/* the start comes last: it takes Slurm a moment to know it */
static void
print_job(const char *job, KslurmSubmission *submission, KslurmPlan *plan)
{
  g_autofree char *path = kslurm_plan_dup_output(plan, job);
  g_autofree char *output = kslurm_text_clean(path);
  g_autofree char *start = NULL;

  printf("Submitted batch job %s\n", job); /* as sbatch says it */
  printf(_("  output  %s\n"), output);
  printf(_("  cancel  scancel %s\n"), job);
  fflush(stdout);
  start = kslurm_submission_dup_start(submission, job);
  if (start != NULL)
    printf(_("  starts  %s\n"), start);
}

static int
submit(KslurmCall *call, KslurmPlan *plan, GCancellable *cancellable, GError **error)
{
  gboolean person = isatty(STDOUT_FILENO);
  g_autoptr(GError) failure = NULL;
  g_autoptr(KslurmSubmission) submission =
      kslurm_submission_start(plan, person, cancellable);
  g_autofree char *job = kslurm_submission_finish(submission, &failure);

  if (job == NULL) {
    if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      g_printerr("%s: %s\n", kslurm_call_get_program(call)->name, failure->message);
    g_propagate_error(error, g_steal_pointer(&failure));
    return 1;
  }
  if (person)
    print_job(job, submission, plan);
  else
    printf("%s\n", job);
  return kslurm_submission_get_status(submission);
}

static int
run(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmConfig) config = kslurm_load_config(call, error);
  g_autoptr(KslurmRequest) request = NULL;
  g_autoptr(KslurmPlan) plan = NULL;
  g_autoptr(GBytes) script = NULL;
  g_auto(GStrv) environ = NULL;

  if (config == NULL)
    return 1;
  request = kslurm_request_new_from_call(KSLURM_REQUEST_BATCH, call, config, error);
  if (request == NULL)
    return 2;
  if (kslurm_request_has(request, "list"))
    return request_list_templates(call, config);
  script = read_script(request);
  environ = request_dup_environ(request, config);
  plan =
      kslurm_plan_new(request, config, (const char *const *)environ, FALSE, script, error);
  if (plan == NULL)
    return 2;
  request_show_plan(call, plan);
  if (kslurm_request_has(request, "test") || kslurm_request_has(request, "dry-run"))
    return test(call, plan, cancellable, error);
  if (!request_check_venv(request, plan, config, error))
    return 1;
  return submit(call, plan, cancellable, error);
}

static const KslurmVerb program = {
    .name = "kbatch",
    .summary = N_("Submit a command, or a script with its #SBATCH lines, as a batch job."),
    .args = kslurm_kbatch_args,
    .foreign = kslurm_sbatch_options,
    .completers = kslurm_completers,
    .waits = TRUE,
    .run = run,
};

int
main(int argc, char **argv)
{
  return kslurm_main(&program, argc, argv);
}
