/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-submission.h"

#include <glib/gi18n-lib.h>

#include "base/slurm/kslurm-answer.h"
#include "base/slurm/kslurm-estimate.h"
#include "base/slurm/kslurm-query.h"
#include "base/slurm/kslurm-slurm.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-process.h"
#include "base/util/kslurm-text.h"

struct _KslurmSubmission {
  KslurmPlan *plan;
  GCancellable *cancellable;
  GThread *thread; /* asks for the estimate beside the submission */
  GMutex mutex;
  GCond cond;
  gboolean asked; /* the question is on its way */
  GError *cancelled;
  int status;
};

static void
say_asked(gpointer data)
{
  KslurmSubmission *submission = data;

  g_mutex_lock(&submission->mutex);
  submission->asked = TRUE;
  g_cond_signal(&submission->cond);
  g_mutex_unlock(&submission->mutex);
}

static gpointer
estimate_thread(gpointer data)
{
  KslurmSubmission *submission = data;

  return kslurm_estimate_ask(submission->plan, say_asked, submission,
                             submission->cancellable, NULL);
}

/**
 * kslurm_submission_start: (skip)
 * @plan: a kbatch's plan
 * @estimate: whether to ask for the estimated start, for a person
 * @cancellable: (nullable): cancels the job once its id is known
 *
 * Returns: (transfer full): a submission to be finished
 */
KslurmSubmission *
kslurm_submission_start(KslurmPlan *plan, gboolean estimate, GCancellable *cancellable)
{
  KslurmSubmission *submission = g_new0(KslurmSubmission, 1);

  submission->plan = kslurm_plan_ref(plan);
  g_mutex_init(&submission->mutex);
  g_cond_init(&submission->cond);
  submission->cancellable = cancellable != NULL ? g_object_ref(cancellable) : NULL;
  if (!estimate)
    return submission;
  submission->thread = g_thread_new("kslurm-estimate", estimate_thread, submission);
  /* Slurm counts jobs that wait, so the question must leave before the job does */
  g_mutex_lock(&submission->mutex);
  while (!submission->asked)
    g_cond_wait(&submission->cond, &submission->mutex);
  g_mutex_unlock(&submission->mutex);
  return submission;
}

static void
cancel_job(const char *job, GError **error)
{
  const char *const argv[] = {"scancel", job, NULL};
  g_autofree char *output = kslurm_query_run(argv, KSLURM_QUERY_MS, NULL, error);

  if (output != NULL)
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("cancelled job %s"), job);
  else
    g_prefix_error(error,
                   _("job %s was submitted and could not be cancelled; try it again with "
                     "'scancel %s': "),
                   job, job);
}

/* with '--wait' sbatch stays until the job ends, and has named it long before */
static void
on_cancel(const char *output, gpointer data)
{
  KslurmSubmission *submission = data;
  g_autofree char *job = kslurm_answer_dup_job(output);

  if (job != NULL)
    cancel_job(job, &submission->cancelled);
  else
    g_printerr("%s\n", _("waiting for Slurm's answer, to cancel the job"));
}

/* who cancelled is told why there is no job to cancel */
static void
set_refusal(KslurmSubmission *submission, const KslurmProcessResult *result, GError **error)
{
  g_autofree char *words = g_strchomp(kslurm_text_clean(result->errors));
  const char *partition = kslurm_plan_get_option_value(submission->plan, "partition");
  g_autofree char *advice =
      kslurm_answer_is_lost(words)
          ? kslurm_answer_dup_look(kslurm_plan_get_value(submission->plan, "name"))
          : kslurm_slurm_dup_advice(words, partition, submission->cancellable);

  g_set_error(error, result->cancelled ? G_IO_ERROR : KSLURM_ERROR,
              result->cancelled ? (int)G_IO_ERROR_CANCELLED : (int)KSLURM_ERROR_PROGRAM,
              "%s%s%s", words, advice != NULL ? "\n" : "", advice != NULL ? advice : "");
}

/**
 * kslurm_submission_finish: (skip)
 * @submission: a submission
 * @error: return location
 *
 * Submits. sbatch is never killed, for its job may have been accepted: a cancel waits for
 * the job's id and cancels that job; the error says what became of it.
 *
 * Returns: (transfer full) (nullable): the job's id, or %NULL with @error set
 */
char *
kslurm_submission_finish(KslurmSubmission *submission, GError **error)
{
  g_auto(GStrv) environ = kslurm_plan_dup_environ(submission->plan);
  const KslurmProcessSpec spec = {.argv = kslurm_plan_get_argv(submission->plan),
                                  .envp = (const char *const *)environ,
                                  .input = kslurm_plan_get_input(submission->plan),
                                  .keep = TRUE,
                                  .waiting = on_cancel,
                                  .data = submission};
  g_autoptr(KslurmProcessResult) result = NULL;
  g_autofree char *job = NULL;

  if (g_cancellable_set_error_if_cancelled(submission->cancellable, error))
    return NULL;
  result = kslurm_process_run(&spec, submission->cancellable, error);
  if (result == NULL)
    return NULL;
  job = kslurm_answer_dup_job(result->output);
  if (job == NULL)
    set_refusal(submission, result, error);
  else if (submission->cancelled != NULL)
    g_propagate_error(error, g_steal_pointer(&submission->cancelled));
  else if (result->cancelled || g_cancellable_is_cancelled(submission->cancellable))
    cancel_job(job, error);
  if (error != NULL && *error != NULL)
    return NULL;
  if (result->errors[0] != '\0') {
    g_autofree char *words = kslurm_text_clean(result->errors);

    g_printerr("%s", words);
  }
  submission->status = result->status;
  return g_steal_pointer(&job);
}

/**
 * kslurm_submission_get_status: (skip)
 * @submission: a finished submission
 *
 * Returns: 0, or with '--wait' the job's exit status
 */
int
kslurm_submission_get_status(KslurmSubmission *submission)
{
  return submission->status;
}

static GDateTime *
take_guess(KslurmSubmission *submission)
{
  return submission->thread != NULL ? g_thread_join(g_steal_pointer(&submission->thread))
                                    : NULL;
}

/**
 * kslurm_submission_dup_start: (skip)
 * @submission: a finished submission
 * @job: the job's id
 *
 * Asks once more, now that the job is known; this may take two or three seconds.
 *
 * Returns: (transfer full) (nullable): the start in words
 */
char *
kslurm_submission_dup_start(KslurmSubmission *submission, const char *job)
{
  g_autoptr(GDateTime) guess = take_guess(submission);

  return kslurm_estimate_refine(guess, job, submission->cancellable);
}

/**
 * kslurm_submission_free: (skip)
 * @submission: (transfer full): a submission
 */
void
kslurm_submission_free(KslurmSubmission *submission)
{
  g_autoptr(GDateTime) guess = take_guess(submission);

  kslurm_plan_unref(submission->plan);
  g_mutex_clear(&submission->mutex);
  g_cond_clear(&submission->cond);
  g_clear_object(&submission->cancellable);
  g_clear_error(&submission->cancelled);
  g_free(submission);
}
