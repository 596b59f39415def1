/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-help.h"

#include <glib/gi18n-lib.h>

#include "base/args/kslurm-verb.h"

#define LEFT_COLUMN 24

static gboolean
is_option(const KslurmArg *arg)
{
  return arg->kind == KSLURM_ARG_FLAG || arg->kind == KSLURM_ARG_VALUE;
}

static gboolean
is_shown(const KslurmArg *arg, gboolean options)
{
  return arg->help != NULL && is_option(arg) == options;
}

/* "-a, --account ACCOUNT", "--new", or a word's shape */
static char *
dup_left(const KslurmArg *arg)
{
  GString *left = g_string_new(NULL);

  if (!is_option(arg)) {
    g_string_append(left, _(arg->shape));
    return g_string_free(left, FALSE);
  }
  if (arg->letter != 0)
    g_string_append_printf(left, "-%c, ", arg->letter);
  g_string_append_printf(left, "--%s", arg->name);
  if (arg->kind == KSLURM_ARG_VALUE)
    g_string_append_printf(left, " %s", _(arg->shape));
  return g_string_free(left, FALSE);
}

static void
append_line(GString *text, const char *left, const char *right)
{
  int pad = LEFT_COLUMN - (int)g_utf8_strlen(left, -1);

  if (pad < 0)
    g_string_append_printf(text, "  %s\n  %*s  %s\n", left, LEFT_COLUMN, "", right);
  else
    g_string_append_printf(text, "  %s%*s  %s\n", left, pad, "", right);
}

static void
append_usage(GString *text, const char *command, const KslurmVerb *verb)
{
  const KslurmArg *arg = NULL;
  KslurmRows rows;

  g_string_append_printf(text, "%s %s", _("usage:"), command);
  if (kslurm_verb_find_kind(verb, KSLURM_ARG_WORD) != NULL)
    g_string_append_printf(text, " [%s…]", _("WORD"));
  if (verb->args != NULL)
    g_string_append_printf(text, " [%s…]", _("OPTION"));
  if (verb->verbs != NULL)
    g_string_append_printf(text, verb->run != NULL ? " [%s]" : " %s", _("COMMAND"));
  kslurm_rows_init(&rows, verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL) {
    if (arg->kind != KSLURM_ARG_OPERAND && arg->kind != KSLURM_ARG_REST)
      continue;
    g_string_append_printf(text, arg->min == 0 ? " [%s%s]" : " %s%s", _(arg->shape),
                           arg->max == 1 ? "" : "…");
  }
  g_string_append_printf(text, "\n\n%s\n", _(verb->summary));
}

static void
append_rows(GString *text, const KslurmVerb *verb, gboolean options, const char *title)
{
  const KslurmArg *arg = NULL;
  gboolean titled = FALSE;
  KslurmRows rows;

  kslurm_rows_init(&rows, verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL) {
    g_autofree char *left = NULL;

    if (!is_shown(arg, options))
      continue;
    if (!titled)
      g_string_append_printf(text, "\n%s\n", title);
    titled = TRUE;
    left = dup_left(arg);
    append_line(text, left, _(arg->help));
  }
}

static void
append_verbs(GString *text, const KslurmVerb *verb)
{
  if (verb->verbs == NULL)
    return;
  g_string_append_printf(text, "\n%s\n", _("commands:"));
  for (const KslurmVerb *v = verb->verbs; v->name != NULL; v++)
    if (v->summary != NULL)
      append_line(text, v->name, _(v->summary));
}

/**
 * kslurm_help_to_text: (skip)
 * @command: the words that name the verb: "kslurm sandbox"
 * @verb: the verb
 *
 * Returns: (transfer full): one screen of help from the verb's table
 */
char *
kslurm_help_to_text(const char *command, const KslurmVerb *verb)
{
  GString *text = g_string_new(NULL);
  gboolean words = kslurm_verb_find_kind(verb, KSLURM_ARG_WORD) != NULL;

  append_usage(text, command, verb);
  append_verbs(text, verb);
  append_rows(text, verb, FALSE, words ? _("words, in any order:") : _("arguments:"));
  append_rows(text, verb, TRUE, _("options:"));
  if (verb->foreign != NULL)
    g_string_append_printf(
        text, "\n%s\n",
        _("Any other option goes to Slurm as it is: -p debug, --qos=high."));
  return g_string_free(text, FALSE);
}

static void
append_rst_rows(GString *text, const KslurmVerb *verb, gboolean options)
{
  const KslurmArg *arg = NULL;
  KslurmRows rows;

  kslurm_rows_init(&rows, verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL) {
    g_autofree char *left = NULL;

    if (!is_shown(arg, options))
      continue;
    left = dup_left(arg);
    g_string_append_printf(text, "``%s``\n    %s\n\n", left, _(arg->help));
  }
}

/**
 * kslurm_help_to_rst: (skip)
 * @command: the words that name the verb: "kslurm sandbox"
 * @verb: the verb
 *
 * Returns: (transfer full): the same rows as a manual page's lists, the verbs below it too
 */
char *
kslurm_help_to_rst(const char *command, const KslurmVerb *verb)
{
  GString *text = g_string_new(NULL);

  append_rst_rows(text, verb, FALSE);
  append_rst_rows(text, verb, TRUE);
  for (const KslurmVerb *v = verb->verbs; v != NULL && v->name != NULL; v++) {
    g_autofree char *name = g_strdup_printf("%s %s", command, v->name);
    g_autofree char *below = kslurm_help_to_rst(name, v);
    g_autofree char *line = g_strnfill(g_utf8_strlen(name, -1), '-');

    if (v->summary != NULL)
      g_string_append_printf(text, "%s\n%s\n\n%s.\n\n%s", name, line, _(v->summary), below);
  }
  return g_string_free(text, FALSE);
}
