/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-call-private.h"

static void
given_free(KslurmGiven *given)
{
  g_free(given->value);
  g_free(given->typed);
  g_free(given);
}

static void
foreign_use_free(KslurmForeignUse *use)
{
  g_free(use->value);
  g_free(use->text);
  g_free(use);
}

/**
 * kslurm_call_new: (skip)
 * @program: the program's table
 * @argv: (array zero-terminated=1): its argument vector, the program's name first
 *
 * Returns: (transfer full): a call that is not yet scanned
 */
KslurmCall *
kslurm_call_new(const KslurmVerb *program, const char *const *argv)
{
  KslurmCall *call = g_new0(KslurmCall, 1);

  call->program = program;
  call->verb = program;
  call->argv = g_strdupv((char **)argv);
  call->given = g_ptr_array_new_with_free_func((GDestroyNotify)given_free);
  call->foreign = g_ptr_array_new_with_free_func((GDestroyNotify)foreign_use_free);
  call->notes = g_ptr_array_new_with_free_func(g_free);
  call->progress = kslurm_progress_new();
  call->rest = g_ptr_array_new();
  g_ptr_array_add(call->rest, NULL);
  return call;
}

/**
 * kslurm_call_free: (skip)
 * @call: (transfer full): a call
 */
void
kslurm_call_free(KslurmCall *call)
{
  if (call->destroy != NULL)
    call->destroy(call->data);
  g_strfreev(call->argv);
  g_ptr_array_unref(call->given);
  g_ptr_array_unref(call->foreign);
  g_ptr_array_unref(call->notes);
  g_ptr_array_unref(call->rest);
  kslurm_progress_free(call->progress);
  g_free(call);
}

/**
 * kslurm_call_get_program: (skip)
 * @call: a call
 *
 * Returns: (transfer none): the program's table
 */
const KslurmVerb *
kslurm_call_get_program(KslurmCall *call)
{
  return call->program;
}

/**
 * kslurm_call_get_verb: (skip)
 * @call: a scanned call
 *
 * Returns: (transfer none): the verb that was named, or the program itself
 */
const KslurmVerb *
kslurm_call_get_verb(KslurmCall *call)
{
  return call->verb;
}

static const KslurmGiven *
find_given(KslurmCall *call, const char *name, guint n)
{
  for (guint i = 0; i < call->given->len; i++) {
    const KslurmGiven *given = call->given->pdata[i];

    if (g_strcmp0(given->arg->name, name) == 0 && n-- == 0)
      return given;
  }
  return NULL;
}

/**
 * kslurm_call_has: (skip)
 * @call: a scanned call
 * @name: a row's name
 *
 * Returns: whether the row was given
 */
gboolean
kslurm_call_has(KslurmCall *call, const char *name)
{
  return find_given(call, name, 0) != NULL;
}

/**
 * kslurm_call_get: (skip)
 * @call: a scanned call
 * @name: a row's name
 *
 * Returns: (transfer none) (nullable): the row's first value
 */
const char *
kslurm_call_get(KslurmCall *call, const char *name)
{
  return kslurm_call_get_nth(call, name, 0);
}

/**
 * kslurm_call_get_typed: (skip)
 * @call: a scanned call
 * @name: a row's name
 *
 * Returns: (transfer none) (nullable): what the user typed for it, for messages
 */
const char *
kslurm_call_get_typed(KslurmCall *call, const char *name)
{
  const KslurmGiven *given = find_given(call, name, 0);

  return given != NULL ? given->typed : NULL;
}

/**
 * kslurm_call_count: (skip)
 * @call: a scanned call
 * @name: a row's name
 *
 * Returns: how often the row was given
 */
guint
kslurm_call_count(KslurmCall *call, const char *name)
{
  guint n = 0;

  while (find_given(call, name, n) != NULL)
    n++;
  return n;
}

/**
 * kslurm_call_get_nth: (skip)
 * @call: a scanned call
 * @name: a row's name
 * @n: which one, from 0
 *
 * Returns: (transfer none) (nullable): the row's value
 */
const char *
kslurm_call_get_nth(KslurmCall *call, const char *name, guint n)
{
  const KslurmGiven *given = find_given(call, name, n);

  return given != NULL ? given->value : NULL;
}

/**
 * kslurm_call_get_rest: (skip)
 * @call: a scanned call
 *
 * Returns: (transfer none) (array zero-terminated=1): the words that begin with the first
 *   one that is no row's
 */
const char *const *
kslurm_call_get_rest(KslurmCall *call)
{
  return (const char *const *)call->rest->pdata;
}

/**
 * kslurm_call_get_foreign: (skip)
 * @call: a scanned call
 *
 * Returns: (transfer none) (element-type KslurmForeignUse): the options that are passed on
 */
GPtrArray *
kslurm_call_get_foreign(KslurmCall *call)
{
  return call->foreign;
}

/**
 * kslurm_call_get_progress: (skip)
 * @call: a call
 *
 * Gives what a verb that waits counts in; the shared main draws it.
 *
 * Returns: (transfer none): the counters
 */
KslurmProgress *
kslurm_call_get_progress(KslurmCall *call)
{
  return call->progress;
}

/**
 * kslurm_call_get_data: (skip)
 * @call: a call
 *
 * Returns: (transfer none) (nullable): what the take functions build
 */
gpointer
kslurm_call_get_data(KslurmCall *call)
{
  return call->data;
}

/**
 * kslurm_call_set_data: (skip)
 * @call: a call
 * @data: (transfer full): what the take functions build
 * @destroy: (nullable): frees @data with the call
 */
void
kslurm_call_set_data(KslurmCall *call, gpointer data, GDestroyNotify destroy)
{
  call->data = data;
  call->destroy = destroy;
}

/**
 * kslurm_call_note: (skip)
 * @call: a call
 * @format: a sentence
 *
 * Keeps advice for the user, which the shared main shows before and after the verb runs.
 */
void
kslurm_call_note(KslurmCall *call, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_ptr_array_add(call->notes, g_strdup_vprintf(format, args));
  va_end(args);
}

/**
 * kslurm_call_print_notes: (skip)
 * @call: a call
 *
 * Shows the notes kept so far on stderr, once each; none with '--quiet'. What was drawn of
 * a progress is gone then. A verb that becomes another program calls it first.
 */
void
kslurm_call_print_notes(KslurmCall *call)
{
  if (call->hold != NULL)
    call->hold(call->holder, TRUE);
  for (guint i = 0; i < call->notes->len && !kslurm_call_has(call, "quiet"); i++)
    g_printerr("%s: %s\n", call->program->name, (char *)call->notes->pdata[i]);
  g_ptr_array_set_size(call->notes, 0);
  if (call->hold != NULL)
    call->hold(call->holder, FALSE);
}
