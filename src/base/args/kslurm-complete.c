/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-complete.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/args/kslurm-verb.h"

/* where the word under the cursor stands */
typedef struct {
  const KslurmCompleter *completers;
  const KslurmVerb *verb;
  const KslurmArg *value; /* the option whose value it is */
  gboolean foreign_value; /* the value of another program's option */
  gboolean words_ended;   /* after '--' */
  gsize rest;             /* where the command began, 0: not yet */
  gsize operands;
} Place;

static void
offer(const char *prefix, const char *candidate, const char *help)
{
  if (g_str_has_prefix(candidate, prefix))
    printf("%s\t%s\n", candidate, help != NULL ? _(help) : "");
}

static char **
list_named(const Place *place, const char *complete)
{
  for (const KslurmCompleter *c = place->completers; c != NULL && c->name != NULL; c++)
    if (g_str_equal(c->name, complete))
      return c->list();
  return g_strsplit(complete, "|", -1);
}

/* ':files', ':dirs', ':commands' ask the shell for its own */
static void
offer_named(const Place *place, const char *complete, const char *prefix, const char *help)
{
  g_auto(GStrv) words = NULL;

  if (complete == NULL)
    return;
  if (g_str_equal(complete, "file") || g_str_equal(complete, "dir") ||
      g_str_equal(complete, "command")) {
    printf(":%ss\n", complete);
    return;
  }
  words = list_named(place, complete);
  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    offer(prefix, words[i], help);
}

static void
offer_options(const KslurmVerb *verb, const char *prefix)
{
  const KslurmArg *arg = NULL;
  KslurmRows rows;

  kslurm_rows_init(&rows, verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL) {
    g_autofree char *name = g_strdup_printf("--%s", arg->name);
    char letter[] = {'-', arg->letter, '\0'};

    if ((arg->kind != KSLURM_ARG_FLAG && arg->kind != KSLURM_ARG_VALUE) ||
        arg->help == NULL)
      continue;
    offer(prefix, name, arg->help);
    if (arg->letter != 0 && strlen(prefix) < 2)
      offer(prefix, letter, arg->help);
  }
  for (const KslurmForeign *f = verb->foreign; f != NULL && (f->name || f->letter); f++) {
    g_autofree char *name = g_strdup_printf("--%s%s", f->name, f->value ? "=" : "");

    if (f->name != NULL && strlen(prefix) > 2 &&
        kslurm_verb_find_option(verb, f->name, strlen(f->name)) == NULL)
      offer(prefix, name, NULL);
  }
}

static void
expect_value(Place *place, const KslurmArg *arg, const KslurmForeign *foreign)
{
  place->value = arg != NULL && arg->kind == KSLURM_ARG_VALUE ? arg : NULL;
  place->foreign_value = arg == NULL && foreign != NULL && foreign->value;
}

static void
step_long(Place *place, const char *name)
{
  gsize length = strlen(name);

  if (strchr(name, '=') == NULL)
    expect_value(place, kslurm_verb_find_option(place->verb, name, length),
                 kslurm_verb_find_foreign(place->verb, name, length));
}

/* of letters in one word, the first that takes a value takes what follows */
static void
step_letters(Place *place, const char *letters)
{
  for (const char *c = letters; *c != '\0'; c++) {
    const KslurmArg *arg = kslurm_verb_find_letter(place->verb, *c);
    const KslurmForeign *foreign = kslurm_verb_find_foreign_letter(place->verb, *c);

    expect_value(place, arg, foreign);
    if (place->value == NULL && arg != NULL)
      continue;
    if (c[1] != '\0')
      expect_value(place, NULL, NULL);
    return;
  }
}

static gboolean
is_word(const KslurmVerb *verb, const char *program, const char *text)
{
  const char *argv[] = {program, text, NULL};
  g_autoptr(KslurmCall) call = kslurm_call_new(verb, argv);

  return kslurm_call_scan(call, NULL) && kslurm_call_get_rest(call)[0] == NULL;
}

static void
step(Place *place, const char *program, const char *word, gsize i)
{
  const KslurmVerb *below = kslurm_verb_find_verb(place->verb, word);

  if (place->value != NULL || place->foreign_value) {
    place->value = NULL;
    place->foreign_value = FALSE;
  } else if (!place->words_ended && g_str_equal(word, "--")) {
    place->words_ended = TRUE;
  } else if (!place->words_ended && g_str_has_prefix(word, "--")) {
    step_long(place, word + 2);
  } else if (!place->words_ended && word[0] == '-' && word[1] != '\0') {
    step_letters(place, word + 1);
  } else if (below != NULL) {
    place->verb = below;
    if (below->args == NULL && below->verbs == NULL)
      place->rest = i;
  } else if (kslurm_verb_find_kind(place->verb, KSLURM_ARG_REST) != NULL &&
             (place->words_ended || !is_word(place->verb, program, word))) {
    place->rest = i;
  } else {
    place->operands++;
  }
}

static void
offer_words(const Place *place, const char *prefix)
{
  const KslurmArg *arg = NULL;
  gsize operand = 0;
  KslurmRows rows;

  for (const KslurmVerb *v = place->verb->verbs; v != NULL && v->name != NULL; v++)
    if (v->summary != NULL)
      offer(prefix, v->name, v->summary);
  kslurm_rows_init(&rows, place->verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL) {
    if (arg->kind == KSLURM_ARG_OPERAND && (operand++ == place->operands || arg->max != 1))
      offer_named(place, arg->complete, prefix, arg->help);
    if (arg->kind == KSLURM_ARG_WORD && !place->words_ended)
      offer_named(place, arg->complete, prefix, arg->help);
    if (arg->kind == KSLURM_ARG_REST)
      offer_named(place, arg->complete, prefix, arg->help);
  }
}

static void
offer_at(const Place *place, const char *word)
{
  const char *equals = strchr(word, '=');
  const KslurmArg *arg = NULL;

  if (place->rest > 0)
    printf(":rest %" G_GSIZE_FORMAT "\n", place->rest);
  else if (place->value != NULL)
    offer_named(place, place->value->complete, word, NULL);
  else if (place->foreign_value)
    printf(":files\n");
  else if (word[0] == '-' && equals != NULL && !place->words_ended) {
    arg = g_str_has_prefix(word, "--")
              ? kslurm_verb_find_option(place->verb, word + 2, (gsize)(equals - word - 2))
              : NULL;
    offer_named(place, arg != NULL ? arg->complete : "file", equals + 1, NULL);
  } else if (word[0] == '-' && !place->words_ended)
    offer_options(place->verb, word);
  else
    offer_words(place, word);
}

/**
 * kslurm_complete: (skip)
 * @program: the program's table
 * @argv: (array zero-terminated=1): the cursor's index, then the words of the line, the
 *   program's name first
 *
 * Answers a shell's completion on stdout: a candidate and its help a line, parted by a tab,
 * or ':files', ':dirs', ':commands', ':rest INDEX' (another command's words begin there).
 *
 * Returns: the exit status, 0 always: a shell's prompt is no place for errors
 */
int
kslurm_complete(const KslurmVerb *program, const char *const *argv)
{
  gsize words = g_strv_length((char **)argv);
  gsize cursor = words > 0 ? strtoul(argv[0], NULL, 10) : 0;
  Place place = {.completers = program->completers, .verb = program};

  if (cursor < 1 || words < 2)
    return 0;
  for (gsize i = 1; i < cursor && i + 1 < words && place.rest == 0; i++)
    step(&place, program->name, argv[i + 1], i);
  offer_at(&place, cursor + 1 < words ? argv[cursor + 1] : "");
  return 0;
}
