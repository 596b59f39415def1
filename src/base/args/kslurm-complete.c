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
  gboolean value;       /* it is the value of an option */
  const char *complete; /* what that value is, or NULL */
  gboolean words_ended; /* after '--' */
  gsize rest;           /* where the command began, 0: not yet */
  gsize operands;
} Place;

/* the word, and how much of it stands before what is completed: "--account=", "123," */
typedef struct {
  const char *text;
  gsize before;
} Word;

static void
offer(const Word *word, const char *candidate, const char *help)
{
  const char *typed = word->text + word->before;

  /* nothing would be added but a blank, and the value comes next */
  if (g_str_has_suffix(candidate, ":") && g_str_equal(candidate, typed))
    return;
  if (g_str_has_prefix(candidate, typed))
    printf("%.*s%s\t%s\n", (int)word->before, word->text, candidate,
           help != NULL ? help : "");
}

/* a candidate may bring its own help, behind a tab */
static void
offer_listed(const KslurmCompleter *completer, Word word)
{
  const char *comma = completer->many ? strrchr(word.text + word.before, ',') : NULL;
  g_auto(GStrv) candidates = completer->list();
  g_auto(GStrv) given = NULL;

  if (comma != NULL) {
    g_autofree char *text =
        g_strndup(word.text + word.before, (gsize)(comma - word.text) - word.before);

    given = g_strsplit(text, ",", -1);
    word.before = (gsize)(comma + 1 - word.text);
  }
  for (gsize i = 0; candidates != NULL && candidates[i] != NULL; i++) {
    char *tab = strchr(candidates[i], '\t');

    if (tab != NULL)
      *tab = '\0';
    if (given == NULL || !g_strv_contains((const char *const *)given, candidates[i]))
      offer(&word, candidates[i], tab != NULL ? tab + 1 : NULL);
  }
}

/* 'file', 'dir' and 'command' ask the shell for its own */
static gboolean
offer_shells_own(const char *name, const Word *word)
{
  static const char *const own[] = {"file", "dir", "command", NULL};

  if (!g_strv_contains(own, name))
    return FALSE;
  printf(":%ss %.*s\n", name, (int)word->before, word->text);
  return TRUE;
}

static void
offer_named(const Place *place, const char *complete, const Word *word, const char *help)
{
  g_auto(GStrv) names = g_strsplit(complete != NULL ? complete : "", "|", -1);

  for (gsize i = 0; names[i] != NULL; i++) {
    const KslurmCompleter *c = place->completers;

    while (c != NULL && c->name != NULL && !g_str_equal(c->name, names[i]))
      c++;
    if (c != NULL && c->name != NULL)
      offer_listed(c, *word);
    else if (!offer_shells_own(names[i], word))
      offer(word, names[i], help);
  }
}

static void
offer_options(const KslurmVerb *verb, const Word *word)
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
    offer(word, name, _(arg->help));
    if (arg->letter != 0 && strlen(word->text) < 2)
      offer(word, letter, _(arg->help));
  }
  for (const KslurmForeign *f = verb->foreign; f != NULL && (f->name || f->letter); f++) {
    g_autofree char *name = g_strdup_printf("--%s%s", f->name, f->value ? "=" : "");

    if (f->name != NULL && strlen(word->text) > 2 &&
        kslurm_verb_find_option(verb, f->name, strlen(f->name)) == NULL)
      offer(word, name, NULL);
  }
}

/* '-ta': the letter that counts is the first that is no flag */
static const char *
skip_flags(const KslurmVerb *verb, const char *letter)
{
  const KslurmArg *arg = kslurm_verb_find_letter(verb, *letter);

  while (letter[1] != '\0' && arg != NULL && arg->kind == KSLURM_ARG_FLAG)
    arg = kslurm_verb_find_letter(verb, *++letter);
  return letter;
}

/* gives where the value begins in '--account=V' or '-aV'; 0 when the word has none. 'place'
 * then tells whether the option takes one, and of what kind */
static gsize
find_value(Place *place, const char *word)
{
  gboolean is_long = g_str_has_prefix(word, "--");
  const char *name = is_long ? word + 2 : skip_flags(place->verb, word + 1);
  gsize length = is_long ? strcspn(name, "=") : 1;
  const char *after = name + length;
  const KslurmArg *arg = is_long ? kslurm_verb_find_option(place->verb, name, length)
                                 : kslurm_verb_find_letter(place->verb, *name);
  const KslurmForeign *foreign = is_long
                                     ? kslurm_verb_find_foreign(place->verb, name, length)
                                     : kslurm_verb_find_foreign_letter(place->verb, *name);

  place->value =
      arg != NULL ? arg->kind == KSLURM_ARG_VALUE : foreign != NULL && foreign->value;
  place->complete = NULL;
  if (place->value)
    place->complete = arg != NULL ? arg->complete : foreign->complete;
  if (is_long)
    return *after == '=' ? (gsize)(after + 1 - word) : 0;
  return place->value && *after != '\0' ? (gsize)(after - word) : 0;
}

static void
step_option(Place *place, const char *word)
{
  if (find_value(place, word) > 0)
    place->value = FALSE;
}

static gboolean
is_word(const KslurmVerb *verb, const char *program, const char *text)
{
  const char *argv[] = {program, text, NULL};
  g_autoptr(KslurmCall) call = kslurm_call_new(verb, argv);

  /* the shell will make a folder of it */
  if ((text[0] == '~' || text[0] == '$') && g_str_has_suffix(text, "/"))
    return TRUE;
  return kslurm_call_scan(call, NULL) && kslurm_call_get_rest(call)[0] == NULL;
}

/* a command begins where no operand is missing any more */
static gboolean
misses_operand(const Place *place)
{
  const KslurmArg *arg = NULL;
  gsize count = 0;
  KslurmRows rows;

  kslurm_rows_init(&rows, place->verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL)
    if (arg->kind == KSLURM_ARG_OPERAND)
      count += arg->max != 0 ? arg->max : G_MAXUINT;
  return place->operands < count;
}

static void
step(Place *place, const char *program, const char *word, gsize i)
{
  const KslurmVerb *below = kslurm_verb_find_verb(place->verb, word);

  if (place->value) {
    place->value = FALSE;
  } else if (!place->words_ended && g_str_equal(word, "--")) {
    place->words_ended = TRUE;
  } else if (!place->words_ended && word[0] == '-' && word[1] != '\0') {
    step_option(place, word);
  } else if (below != NULL) {
    place->verb = below;
    if (below->args == NULL && below->verbs == NULL)
      place->rest = i;
  } else if (kslurm_verb_find_kind(place->verb, KSLURM_ARG_REST) != NULL &&
             !misses_operand(place) &&
             (place->words_ended ||
              kslurm_verb_find_kind(place->verb, KSLURM_ARG_OPERAND) != NULL ||
              !is_word(place->verb, program, word))) {
    place->rest = i;
  } else {
    place->operands++;
  }
}

static void
offer_words(const Place *place, const Word *word)
{
  const KslurmArg *arg = NULL;
  gsize operand = 0;
  KslurmRows rows;

  for (const KslurmVerb *v = place->verb->verbs; v != NULL && v->name != NULL; v++)
    if (v->summary != NULL)
      offer(word, v->name, _(v->summary));
  kslurm_rows_init(&rows, place->verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL) {
    const char *help = arg->help != NULL ? _(arg->help) : NULL;

    if (arg->kind == KSLURM_ARG_OPERAND && (operand++ == place->operands || arg->max != 1))
      offer_named(place, arg->complete, word, help);
    if (arg->kind == KSLURM_ARG_WORD && !place->words_ended)
      offer_named(place, arg->complete, word, help);
    /* all that is on PATH would bury the words */
    if (arg->kind == KSLURM_ARG_REST && !misses_operand(place) &&
        (word->text[0] != '\0' || place->words_ended))
      offer_named(place, arg->complete, word, help);
  }
}

static void
offer_at(Place *place, const char *text)
{
  Word word = {text, 0};

  if (place->rest > 0)
    printf(":rest %" G_GSIZE_FORMAT "\n", place->rest);
  else if (place->value)
    offer_named(place, place->complete, &word, NULL);
  else if (text[0] != '-' || place->words_ended)
    offer_words(place, &word);
  else if (text[1] != '\0' && (word.before = find_value(place, text)) > 0)
    offer_named(place, place->complete, &word, NULL);
  else
    offer_options(place->verb, &word);
}

/**
 * kslurm_complete: (skip)
 * @program: the program's table
 * @argv: (array zero-terminated=1): the cursor's index, then the words of the line, the
 *   program's name first
 *
 * Answers a shell's completion on stdout. A line is a candidate for the whole word under
 * the cursor, a tab and its help; or asks the shell for its own: ':files BEFORE', ':dirs
 * BEFORE', ':commands ' (BEFORE is what stands in the word before the file's name), ':rest
 * INDEX' (another command's words begin there).
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
