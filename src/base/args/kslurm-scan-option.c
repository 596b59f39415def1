/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/args/kslurm-scan-private.h"
#include "base/args/kslurm-verb.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"

/* an option's value may be checked by its take function, which never says 'not mine' */
static gboolean
give_option(KslurmScan *scan,
            const KslurmArg *arg,
            const char *value,
            const char *typed,
            GError **error)
{
  if (arg->take != NULL && arg->take(scan->call, arg, value, error) == KSLURM_TAKE_ERROR)
    return FALSE;
  if (g_str_equal(arg->name, "help") || g_str_equal(arg->name, "version"))
    scan->finished = TRUE;
  return kslurm_scan_give(scan, arg, value, typed, error);
}

/* gives the value that was glued to the option, else the next word */
static gboolean
take_value(KslurmScan *scan,
           const char *glued,
           const char **value,
           const char *shape,
           GError **error)
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
take_own(KslurmScan *scan, const KslurmArg *arg, const char *glued, GError **error)
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
add_foreign(KslurmScan *scan, const KslurmForeign *option, const char *value, char *text)
{
  KslurmForeignUse *use = g_new0(KslurmForeignUse, 1);

  use->option = option;
  use->value = g_strdup(value);
  use->text = text;
  g_ptr_array_add(scan->call->foreign, use);
}

static gboolean
take_foreign(KslurmScan *scan,
             const KslurmForeign *option,
             const char *glued,
             GError **error)
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
unknown_option(KslurmScan *scan, GError **error)
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

/**
 * kslurm_scan_take_long: (skip)
 * @scan: a scan whose word in hand begins with '--'
 * @error: return location
 *
 * Returns: whether the option was understood; its value, if it has one, is taken too
 */
gboolean
kslurm_scan_take_long(KslurmScan *scan, GError **error)
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

/**
 * kslurm_scan_take_letters: (skip)
 * @scan: a scan whose word in hand begins with '-'
 * @error: return location
 *
 * '-tJ' is '-t -J', '-jFat' is '-j Fat'; a word of letters is one option each.
 *
 * Returns: whether the options were understood; the last one's value is taken too
 */
gboolean
kslurm_scan_take_letters(KslurmScan *scan, GError **error)
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
