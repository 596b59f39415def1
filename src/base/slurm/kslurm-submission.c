/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-submission.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/slurm/kslurm-slurm.h"
#include "base/slurm/kslurm-when.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-text.h"

#define ESTIMATE_MS 2000
#define SETTLE_MS 700

struct _KslurmSubmission {
  KslurmPlan *plan;
  GCancellable *cancellable;
  GThread *thread; /* asks for the estimate beside the submission */
  GMutex mutex;
  GCond cond;
  gboolean asked; /* the question is on its way */
  char *estimate;
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

/* 'allocation failure' is the controller's no; all else means that it was not asked */
static void
set_estimate_error(const char *errors, GError **error)
{
  g_autofree char *words = g_strchomp(kslurm_text_clean(errors));
  gboolean refused =
      strstr(words, "allocation failure") != NULL || strstr(words, "Invalid") != NULL;

  if (refused)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED, _("Slurm would refuse: %s"),
                words);
  else
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, words);
}

static char *
ask_estimate(KslurmPlan *plan,
             KslurmSubmission *beside,
             GCancellable *cancellable,
             GError **error)
{
  const char *const *argv = kslurm_plan_get_argv(plan);
  g_auto(GStrv) environ = kslurm_plan_dup_environ(plan);
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  KslurmProcessSpec spec = {.envp = (const char *const *)environ,
                            .input = kslurm_plan_get_input(plan),
                            .timeout_ms = ESTIMATE_MS,
                            .started = beside != NULL ? say_asked : NULL,
                            .data = beside};
  g_autoptr(KslurmProcessResult) result = NULL;
  g_autoptr(GDateTime) start = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_local();

  g_ptr_array_add(words, (char *)argv[0]);
  g_ptr_array_add(words, (char *)"--test-only");
  for (gsize i = 1; argv[i] != NULL; i++)
    g_ptr_array_add(words, (char *)argv[i]);
  g_ptr_array_add(words, NULL);
  spec.argv = (const char *const *)words->pdata;
  result = kslurm_process_run(&spec, cancellable, error);
  if (result == NULL)
    return NULL;
  start = kslurm_when_parse_estimate(result->errors);
  if (start != NULL)
    return kslurm_when_to_words(start, now);
  set_estimate_error(result->errors, error);
  return NULL;
}

/**
 * kslurm_submission_estimate: (skip)
 * @plan: a kbatch's plan
 * @cancellable: (nullable): ends the question
 * @error: return location
 *
 * Asks Slurm, for 2 s at most, whether it would take the job and when it would start.
 *
 * Returns: (transfer full) (nullable): the start in words; %NULL with
 *   %KSLURM_ERROR_DENIED when Slurm would refuse, or another error when it cannot be asked
 */
char *
kslurm_submission_estimate(KslurmPlan *plan, GCancellable *cancellable, GError **error)
{
  return ask_estimate(plan, NULL, cancellable, error);
}

static gpointer
estimate_thread(gpointer data)
{
  KslurmSubmission *submission = data;

  return ask_estimate(submission->plan, submission, submission->cancellable, NULL);
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
say_waiting(gpointer data)
{
  g_printerr("%s\n", _("waiting for Slurm's answer, to cancel the job"));
}

/* what Slurm knows of the job itself beats what it guessed; a job for which there is room
 * starts within the moment */
static gboolean
is_running(const char *job)
{
  const char *const argv[] = {"squeue", "-h", "-o", "%T", "-j", job, NULL};
  g_autofree char *state = NULL;

  g_usleep(SETTLE_MS * 1000);
  state = kslurm_slurm_query(argv, NULL, NULL);

  return state != NULL && !g_str_has_prefix(state, "PENDING");
}

static gboolean
cancel_job(const char *job, GError **error)
{
  const char *const argv[] = {"scancel", job, NULL};
  g_autofree char *output = kslurm_slurm_query(argv, NULL, error);

  if (output == NULL) {
    g_prefix_error(error, _("job %s was submitted and could not be cancelled: "), job);
    return FALSE;
  }
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("cancelled job %s"), job);
  return FALSE;
}

/* the first line of digits; a federation adds ';CLUSTER' */
static char *
dup_job_id(const char *output)
{
  gsize digits = strspn(output, "0123456789");

  return digits > 0 ? g_strndup(output, digits) : NULL;
}

static gboolean
may_have_been_taken(const char *errors)
{
  return strstr(errors, "timed out") != NULL || strstr(errors, "Zero Bytes") != NULL ||
         strstr(errors, "Unexpected message") != NULL;
}

static void
set_refusal(KslurmPlan *plan,
            const KslurmProcessResult *result,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree char *words = kslurm_text_clean(result->errors);
  g_autofree char *advice = NULL;
  const char *name = kslurm_plan_get_value(plan, "name");

  g_strchomp(words);
  if (may_have_been_taken(words)) {
    g_set_error(
        error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM,
        _("%s\nthe job may have been accepted all the same; before you submit it again, "
          "look with 'squeue --me%s%s'"),
        words, name != NULL ? " --name=" : "", name != NULL ? name : "");
    return;
  }
  advice = kslurm_slurm_dup_advice(words, NULL, cancellable);
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, "%s%s%s", words,
              advice != NULL ? "\n" : "", advice != NULL ? advice : "");
}

/**
 * kslurm_submission_finish: (skip)
 * @submission: a submission
 * @error: return location
 *
 * Submits. sbatch is never killed, for its job may have been accepted: a cancel waits for
 * the job's id and cancels that job.
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
                                  .waiting = say_waiting};
  g_autoptr(KslurmProcessResult) result =
      kslurm_process_run(&spec, submission->cancellable, error);
  g_autofree char *job = NULL;

  if (result == NULL)
    return NULL;
  job = result->status == 0 ? dup_job_id(result->output) : NULL;
  if (job == NULL) {
    set_refusal(submission->plan, result, submission->cancellable, error);
    return NULL;
  }
  if (result->cancelled || g_cancellable_is_cancelled(submission->cancellable)) {
    cancel_job(job, error);
    return NULL;
  }
  if (result->errors[0] != '\0') {
    g_autofree char *words = kslurm_text_clean(result->errors);

    g_printerr("%s", words);
  }
  return g_steal_pointer(&job);
}

/**
 * kslurm_submission_get_estimate: (skip)
 * @submission: a finished submission
 * @job: (nullable): the job's id
 *
 * Returns: (transfer none) (nullable): the start in words
 */
const char *
kslurm_submission_get_estimate(KslurmSubmission *submission, const char *job)
{
  if (submission->thread != NULL)
    submission->estimate = g_thread_join(g_steal_pointer(&submission->thread));
  if (submission->estimate != NULL && job != NULL &&
      !g_str_equal(submission->estimate, _("now")) && is_running(job)) {
    g_free(submission->estimate);
    submission->estimate = g_strdup(_("now"));
  }
  return submission->estimate;
}

/**
 * kslurm_submission_free: (skip)
 * @submission: (transfer full): a submission
 */
void
kslurm_submission_free(KslurmSubmission *submission)
{
  kslurm_submission_get_estimate(submission, NULL);
  kslurm_plan_unref(submission->plan);
  g_mutex_clear(&submission->mutex);
  g_cond_clear(&submission->cond);
  g_clear_object(&submission->cancellable);
  g_free(submission->estimate);
  g_free(submission);
}

/**
 * kslurm_submission_fill_pattern: (skip)
 * @pattern: an output path with '%j' or '%A'
 * @job: the job's id
 *
 * Returns: (transfer full): the path with the id in it; other patterns stay
 */
char *
kslurm_submission_fill_pattern(const char *pattern, const char *job)
{
  GString *path = g_string_new(pattern);

  g_string_replace(path, "%j", job, 0);
  g_string_replace(path, "%A", job, 0);
  return g_string_free(path, FALSE);
}
