/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/args/kslurm-call-private.h"
#include "base/args/kslurm-verb.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"

typedef struct {
  KslurmCall *call;
  const char *const *argv;
  gsize i;           /* the word in hand */
  gboolean finished; /* '--help', '--version': what follows does not matter */
} Scan;

static gboolean
add_given(
    Scan *scan, const KslurmArg *arg, const char *value, const char *typed, GError **error)
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

/* an option's value may be checked by its take function, which never says 'not mine' */
static gboolean
give_option(
    Scan *scan, const KslurmArg *arg, const char *value, const char *typed, GError **error)
{
  if (arg->take != NULL && arg->take(scan->call, arg, value, error) == KSLURM_TAKE_ERROR)
    return FALSE;
  if (g_str_equal(arg->name, "help") || g_str_equal(arg->name, "version"))
    scan->finished = TRUE;
  return add_given(scan, arg, value, typed, error);
}

/* gives the value that was glued to the option, else the next word */
static gboolean
take_value(
    Scan *scan, const char *glued, const char **value, const char *shape, GError **error)
{
  const char *option = scan->argv[scan->i];

  *value = glued != NULL ? glued : scan->argv[scan->i + 1];
  if (*value == NULL)
    return kslurm_set_usage(error, _("'%s' needs a value: %s %s"), option, option, shape);
  if (glued == NULL)
    scan->i++;
  return TRUE;
}

static char *
dup_typed(const char *option, const char *glued, const char *value)
{
  return glued != NULL || value == NULL ? g_strdup(option)
                                        : g_strdup_printf("%s %s", option, value);
}

static gboolean
take_own(Scan *scan, const KslurmArg *arg, const char *glued, GError **error)
{
  const char *option = scan->argv[scan->i];
  g_autofree char *typed = NULL;
  const char *value = glued;

  if (arg->kind == KSLURM_ARG_FLAG && glued != NULL && arg->take == NULL)
    return kslurm_set_usage(error, _("'--%s' takes no value: '%s'"), arg->name, option);
  if (arg->kind == KSLURM_ARG_VALUE &&
      !take_value(scan, glued, &value, _(arg->shape), error))
    return FALSE;
  typed = dup_typed(option, glued, value);
  return give_option(scan, arg, value, typed, error);
}

static void
add_foreign(Scan *scan, const KslurmForeign *option, const char *value, char *text)
{
  KslurmForeignUse *use = g_new0(KslurmForeignUse, 1);

  use->option = option;
  use->value = g_strdup(value);
  use->text = text;
  g_ptr_array_add(scan->call->foreign, use);
}

static gboolean
take_foreign(Scan *scan, const KslurmForeign *option, const char *glued, GError **error)
{
  const char *word = scan->argv[scan->i];
  const char *value = glued;
  gboolean is_long = g_str_has_prefix(word, "--");

  if (option->value && !take_value(scan, glued, &value, _("VALUE"), error))
    return FALSE;
  if (glued != NULL || value == NULL)
    add_foreign(scan, option, value, g_strdup(word));
  else
    add_foreign(scan, option, value,
                g_strdup_printf(is_long ? "%s=%s" : "%s%s", word, value));
  return TRUE;
}

static gboolean
unknown_option(Scan *scan, GError **error)
{
  const char *option = scan->argv[scan->i];
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  const KslurmArg *arg = NULL;
  const char *closest = NULL;
  KslurmRows rows;

  kslurm_rows_init(&rows, scan->call->verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL)
    if ((arg->kind == KSLURM_ARG_FLAG || arg->kind == KSLURM_ARG_VALUE) &&
        arg->help != NULL)
      g_ptr_array_add(names, (char *)arg->name);
  g_ptr_array_add(names, NULL);
  if (g_str_has_prefix(option, "--"))
    closest = kslurm_text_closest(option + 2, (const char *const *)names->pdata);
  if (closest != NULL)
    return kslurm_set_usage(error, _("'%s' is no option; did you mean '--%s'?"), option,
                            closest);
  return kslurm_set_usage(error, _("'%s' is no option; '-h' lists them"), option);
}

static gboolean
take_long(Scan *scan, GError **error)
{
  const char *word = scan->argv[scan->i];
  const char *equals = strchr(word, '=');
  const char *glued = equals != NULL ? equals + 1 : NULL;
  gsize length = equals != NULL ? (gsize)(equals - word - 2) : strlen(word) - 2;
  const KslurmArg *arg = kslurm_verb_find_option(scan->call->verb, word + 2, length);
  const KslurmForeign *foreign = NULL;

  if (arg != NULL)
    return take_own(scan, arg, glued, error);
  if (scan->call->verb->foreign == NULL)
    return unknown_option(scan, error);
  foreign = kslurm_verb_find_foreign(scan->call->verb, word + 2, length);
  if (foreign != NULL)
    return take_foreign(scan, foreign, glued, error);
  /* a site's plugin may add options that no table of ours can know */
  add_foreign(scan, NULL, glued, g_strdup(word));
  return TRUE;
}

/* '-tJ' is '-t -J', '-jFat' is '-j Fat'; a word of letters is one option each */
static gboolean
take_letters(Scan *scan, GError **error)
{
  const char *word = scan->argv[scan->i];

  for (const char *c = word + 1; *c != '\0'; c++) {
    const KslurmArg *arg = kslurm_verb_find_letter(scan->call->verb, *c);
    const KslurmForeign *foreign = kslurm_verb_find_foreign_letter(scan->call->verb, *c);
    const char *glued = c[1] != '\0' ? c + 1 : NULL;

    if (arg != NULL && arg->kind == KSLURM_ARG_VALUE)
      return take_own(scan, arg, glued, error);
    if (arg == NULL && foreign != NULL && c == word + 1)
      return take_foreign(scan, foreign, glued, error);
    if (arg == NULL)
      return unknown_option(scan, error);
    if (!give_option(scan, arg, NULL, word, error) || scan->finished)
      return scan->finished;
  }
  return TRUE;
}

static void
take_rest(Scan *scan)
{
  g_ptr_array_set_size(scan->call->rest, 0);
  for (; scan->argv[scan->i] != NULL; scan->i++)
    g_ptr_array_add(scan->call->rest, (char *)scan->argv[scan->i]);
  g_ptr_array_add(scan->call->rest, NULL);
}

static KslurmTake
take_word(Scan *scan, const char *word, GError **error)
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
      return add_given(scan, arg, word, word, error) ? KSLURM_TAKE_YES : KSLURM_TAKE_ERROR;
    if (take == KSLURM_TAKE_ERROR)
      return take;
  }
  return KSLURM_TAKE_NO;
}

static gboolean
unknown_word(Scan *scan, GError **error)
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
enter_verb(Scan *scan, const KslurmVerb *verb)
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
take_one(Scan *scan, gboolean *words_ended, GError **error)
{
  const char *word = scan->argv[scan->i];
  const KslurmVerb *verb = NULL;

  if (!*words_ended && g_str_equal(word, "--")) {
    *words_ended = TRUE;
    return TRUE;
  }
  if (!*words_ended && g_str_has_prefix(word, "--"))
    return take_long(scan, error);
  if (!*words_ended && word[0] == '-' && word[1] != '\0')
    return take_letters(scan, error);
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
  Scan scan = {call, (const char *const *)call->argv, 1, FALSE};
  gboolean words_ended = FALSE;

  for (; scan.argv[scan.i] != NULL && !scan.finished; scan.i++)
    if (!take_one(&scan, &words_ended, error))
      return FALSE;
  return kslurm_call_has(call, "help") || kslurm_call_has(call, "version") ||
         check_missing(call, error);
}
