/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/args/kslurm-scan-private.h"
#include "base/args/kslurm-verb.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"

/**
 * kslurm_scan_give: (skip)
 * @scan: a scan
 * @arg: a row of its verb
 * @value: (nullable): what the row is given
 * @typed: as the user wrote it
 * @error: return location
 *
 * Returns: whether the row takes one more
 */
gboolean
kslurm_scan_give(KslurmScan *scan,
                 const KslurmArg *arg,
                 const char *value,
                 const char *typed,
                 GError **error)
{
  KslurmGiven *given = NULL;

  if (arg->max > 0 && kslurm_call_count(scan->call, arg->name) >= arg->max)
    return kslurm_set_usage(error, _("%s given twice: '%s' and '%s'"), _(arg->name),
                            kslurm_call_get_typed(scan->call, arg->name), typed);
  given = g_new0(KslurmGiven, 1);
  given->arg = arg;
  given->value = g_strdup(value);
  given->typed = g_strdup(typed);
  g_ptr_array_add(scan->call->given, given);
  return TRUE;
}

static void
take_rest(KslurmScan *scan)
{
  g_ptr_array_set_size(scan->call->rest, 0);
  for (; scan->argv[scan->i] != NULL; scan->i++)
    g_ptr_array_add(scan->call->rest, (char *)scan->argv[scan->i]);
  g_ptr_array_add(scan->call->rest, NULL);
}

static KslurmTake
take_word(KslurmScan *scan, const char *word, GError **error)
{
  const KslurmArg *arg = NULL;
  KslurmRows rows;

  kslurm_rows_init(&rows, scan->call->verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL) {
    KslurmTake take = KSLURM_TAKE_NO;

    if (arg->kind == KSLURM_ARG_WORD)
      take = arg->take(scan->call, arg, word, error);
    else if (arg->kind == KSLURM_ARG_OPERAND &&
             (arg->max == 0 || kslurm_call_count(scan->call, arg->name) < arg->max))
      take = arg->take != NULL ? arg->take(scan->call, arg, word, error) : KSLURM_TAKE_YES;
    if (take == KSLURM_TAKE_YES)
      return kslurm_scan_give(scan, arg, word, word, error) ? KSLURM_TAKE_YES
                                                            : KSLURM_TAKE_ERROR;
    if (take == KSLURM_TAKE_ERROR)
      return take;
  }
  return KSLURM_TAKE_NO;
}

static gboolean
unknown_word(KslurmScan *scan, GError **error)
{
  const char *word = scan->argv[scan->i];
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  const char *closest = NULL;

  if (scan->call->verb->verbs == NULL)
    return kslurm_set_usage(error, _("'%s' is one word too many; '-h' shows what is taken"),
                            word);
  for (const KslurmVerb *v = scan->call->verb->verbs; v->name != NULL; v++)
    g_ptr_array_add(names, (char *)v->name);
  g_ptr_array_add(names, NULL);
  closest = kslurm_text_closest(word, (const char *const *)names->pdata);
  if (closest != NULL)
    return kslurm_set_usage(error, _("'%s' is no command; did you mean '%s'?"), word,
                            closest);
  return kslurm_set_usage(error, _("'%s' is no command; '-h' lists them"), word);
}

/* a verb without a table hands its words to another program as they are */
static gboolean
enter_verb(KslurmScan *scan, const KslurmVerb *verb)
{
  scan->call->verb = verb;
  if (verb->args == NULL && verb->verbs == NULL) {
    scan->i++;
    take_rest(scan);
    scan->i--;
    scan->finished = TRUE;
  }
  return TRUE;
}

static gboolean
take_one(KslurmScan *scan, gboolean *words_ended, GError **error)
{
  const char *word = scan->argv[scan->i];
  const KslurmVerb *verb = NULL;

  if (!*words_ended && g_str_equal(word, "--")) {
    *words_ended = TRUE;
    return TRUE;
  }
  if (!*words_ended && g_str_has_prefix(word, "--"))
    return kslurm_scan_take_long(scan, error);
  if (!*words_ended && word[0] == '-' && word[1] != '\0')
    return kslurm_scan_take_letters(scan, error);
  verb = kslurm_verb_find_verb(scan->call->verb, word);
  if (verb != NULL && !*words_ended)
    return enter_verb(scan, verb);
  if (!*words_ended || kslurm_verb_find_kind(scan->call->verb, KSLURM_ARG_REST) == NULL) {
    KslurmTake take = take_word(scan, word, error);

    if (take != KSLURM_TAKE_NO)
      return take == KSLURM_TAKE_YES;
  }
  if (kslurm_verb_find_kind(scan->call->verb, KSLURM_ARG_REST) == NULL)
    return unknown_word(scan, error);
  take_rest(scan);
  scan->i--;
  scan->finished = TRUE;
  return TRUE;
}

static gboolean
check_missing(KslurmCall *call, GError **error)
{
  const KslurmArg *arg = NULL;
  KslurmRows rows;

  kslurm_rows_init(&rows, call->verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL) {
    guint count = arg->kind == KSLURM_ARG_REST ? call->rest->len - 1
                                               : kslurm_call_count(call, arg->name);

    if (count < arg->min)
      return kslurm_set_usage(error, _("%s is missing; '-h' shows what is taken"),
                              _(arg->shape));
  }
  return TRUE;
}

/**
 * kslurm_call_scan: (skip)
 * @call: a new call
 * @error: return location
 *
 * Reads the argument vector by the program's table. After '--help' or '--version' it stops
 * and finds no fault.
 *
 * Returns: whether every word was understood
 */
gboolean
kslurm_call_scan(KslurmCall *call, GError **error)
{
  KslurmScan scan = {call, (const char *const *)call->argv, 1, FALSE};
  gboolean words_ended = FALSE;

  for (; scan.argv[scan.i] != NULL && !scan.finished; scan.i++)
    if (!take_one(&scan, &words_ended, error))
      return FALSE;
  return kslurm_call_has(call, "help") || kslurm_call_has(call, "version") ||
         check_missing(call, error);
}
