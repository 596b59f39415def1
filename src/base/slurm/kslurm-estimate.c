/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-estimate.h"

#include <glib/gi18n-lib.h>

#include "base/slurm/kslurm-answer.h"
#include "base/slurm/kslurm-query.h"
#include "base/slurm/kslurm-when.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-process.h"
#include "base/util/kslurm-text.h"

#define LIMIT_MS 2000
#define SETTLE_MS 700

static void
set_error(const char *errors, GError **error)
{
  g_autofree char *words = g_strchomp(kslurm_text_clean(errors));

  if (kslurm_answer_is_refusal(words))
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED, _("Slurm would refuse: %s"),
                words);
  else
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, words);
}

/**
 * kslurm_estimate_ask: (skip)
 * @plan: a kbatch's plan
 * @sent: (nullable): called once when the question is on its way, or cannot be asked
 * @data: for @sent
 * @cancellable: (nullable): ends the question
 * @error: return location
 *
 * Asks Slurm, for 2 s at most, whether it would take the job and when it would start.
 *
 * Returns: (transfer full) (nullable): the start; %NULL with %KSLURM_ERROR_DENIED when
 *   Slurm would refuse, or another error when it cannot be asked
 */
GDateTime *
kslurm_estimate_ask(KslurmPlan *plan,
                    void (*sent)(gpointer data),
                    gpointer data,
                    GCancellable *cancellable,
                    GError **error)
{
  const char *const *argv = kslurm_plan_get_argv(plan);
  g_auto(GStrv) environ = kslurm_query_clear_environ(kslurm_plan_dup_environ(plan));
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  KslurmProcessSpec spec = {.envp = (const char *const *)environ,
                            .input = kslurm_plan_get_input(plan),
                            .timeout_ms = LIMIT_MS,
                            .started = sent,
                            .data = data};
  g_autoptr(KslurmProcessResult) result = NULL;
  GDateTime *start = NULL;

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
  if (start == NULL)
    set_error(result->errors, error);
  return start;
}

static void
settle(GCancellable *cancellable)
{
  GPollFD fd = {-1, G_IO_IN, 0};
  gboolean can = g_cancellable_make_pollfd(cancellable, &fd);

  g_poll(&fd, can ? 1 : 0, SETTLE_MS);
  if (can)
    g_cancellable_release_fd(cancellable);
}

/**
 * kslurm_estimate_refine: (skip)
 * @guess: (nullable): what kslurm_estimate_ask() gave
 * @job: the id of the job, submitted meanwhile
 * @cancellable: (nullable): ends the question
 *
 * The guess adds half of the limit of each job that waits, and knows nothing of holds and
 * dependencies. What Slurm knows of the job itself beats it, in a moment: a job for which
 * there is room has started by then.
 *
 * Returns: (transfer full) (nullable): the start in words
 */
char *
kslurm_estimate_refine(GDateTime *guess, const char *job, GCancellable *cancellable)
{
  const char *const argv[] = {"squeue", "-h", "-o", "%T|%r|%S", "-j", job, NULL};
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *rows = NULL;
  char *words = NULL;

  if (guess == NULL || !kslurm_when_is_now(guess, now))
    settle(cancellable);
  rows = kslurm_query_run(argv, LIMIT_MS, cancellable, NULL);
  if (rows != NULL)
    words = kslurm_when_queue_to_words(rows, job, now);
  /* a guess that nobody waited to see confirmed is better not told */
  if (words == NULL && guess != NULL && !g_cancellable_is_cancelled(cancellable))
    words = kslurm_when_to_words(guess, now);
  return words;
}
