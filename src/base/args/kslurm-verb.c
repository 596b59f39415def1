/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-verb.h"

#include <string.h>

/**
 * kslurm_rows_init: (skip)
 * @rows: an iterator
 * @verb: whose rows to walk
 */
void
kslurm_rows_init(KslurmRows *rows, const KslurmVerb *verb)
{
  rows->verb = verb;
  rows->group = 0;
  rows->row = 0;
}

/**
 * kslurm_rows_next: (skip)
 * @rows: an iterator
 *
 * Returns: (transfer none) (nullable): the next row, or %NULL at the end
 */
const KslurmArg *
kslurm_rows_next(KslurmRows *rows)
{
  const KslurmArg *const *groups = rows->verb->args;

  while (groups != NULL && groups[rows->group] != NULL) {
    const KslurmArg *arg = &groups[rows->group][rows->row++];

    if (arg->kind != 0)
      return arg;
    rows->group++;
    rows->row = 0;
  }
  return NULL;
}

static gboolean
is_option(const KslurmArg *arg)
{
  return arg->kind == KSLURM_ARG_FLAG || arg->kind == KSLURM_ARG_VALUE;
}

static gboolean
name_is(const char *name, const char *text, gsize length)
{
  return name != NULL && strncmp(name, text, length) == 0 && name[length] == '\0';
}

/**
 * kslurm_verb_find_option: (skip)
 * @verb: a verb
 * @name: an option's name, without dashes
 * @length: of @name, in bytes
 *
 * Returns: (transfer none) (nullable): its row
 */
const KslurmArg *
kslurm_verb_find_option(const KslurmVerb *verb, const char *name, gsize length)
{
  const KslurmArg *arg = NULL;
  KslurmRows rows;

  kslurm_rows_init(&rows, verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL)
    if (is_option(arg) && name_is(arg->name, name, length))
      return arg;
  return NULL;
}

/**
 * kslurm_verb_find_letter: (skip)
 * @verb: a verb
 * @letter: an option's letter
 *
 * Returns: (transfer none) (nullable): its row
 */
const KslurmArg *
kslurm_verb_find_letter(const KslurmVerb *verb, char letter)
{
  const KslurmArg *arg = NULL;
  KslurmRows rows;

  kslurm_rows_init(&rows, verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL)
    if (is_option(arg) && arg->letter == letter)
      return arg;
  return NULL;
}

/**
 * kslurm_verb_find_kind: (skip)
 * @verb: a verb
 * @kind: a kind of rows
 *
 * Returns: (transfer none) (nullable): the first row of that kind
 */
const KslurmArg *
kslurm_verb_find_kind(const KslurmVerb *verb, KslurmArgKind kind)
{
  const KslurmArg *arg = NULL;
  KslurmRows rows;

  kslurm_rows_init(&rows, verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL && arg->kind != kind)
    ;
  return arg;
}

/**
 * kslurm_verb_find_row: (skip)
 * @verb: a verb
 * @name: a row's name, whatever its kind
 *
 * Returns: (transfer none) (nullable): the row
 */
const KslurmArg *
kslurm_verb_find_row(const KslurmVerb *verb, const char *name)
{
  const KslurmArg *arg = NULL;
  KslurmRows rows;

  kslurm_rows_init(&rows, verb);
  while ((arg = kslurm_rows_next(&rows)) != NULL && g_strcmp0(arg->name, name) != 0)
    ;
  return arg;
}

/**
 * kslurm_verb_find_verb: (skip)
 * @verb: a verb
 * @name: the name of a verb below it
 *
 * Returns: (transfer none) (nullable): that verb
 */
const KslurmVerb *
kslurm_verb_find_verb(const KslurmVerb *verb, const char *name)
{
  for (const KslurmVerb *v = verb->verbs; v != NULL && v->name != NULL; v++)
    if (strcmp(v->name, name) == 0)
      return v;
  return NULL;
}

/**
 * kslurm_verb_find_foreign: (skip)
 * @verb: a verb
 * @name: an option's name, without dashes, or its unique beginning, as getopt takes it
 * @length: of @name, in bytes
 *
 * Returns: (transfer none) (nullable): the foreign option
 */
const KslurmForeign *
kslurm_verb_find_foreign(const KslurmVerb *verb, const char *name, gsize length)
{
  const KslurmForeign *found = NULL;
  guint matches = 0;

  for (const KslurmForeign *f = verb->foreign; f != NULL && (f->name || f->letter); f++) {
    if (f->name == NULL)
      continue;
    if (name_is(f->name, name, length))
      return f;
    if (strncmp(f->name, name, length) == 0) {
      found = f;
      matches++;
    }
  }
  return matches == 1 ? found : NULL;
}

/**
 * kslurm_verb_find_foreign_letter: (skip)
 * @verb: a verb
 * @letter: an option's letter
 *
 * Returns: (transfer none) (nullable): the foreign option
 */
const KslurmForeign *
kslurm_verb_find_foreign_letter(const KslurmVerb *verb, char letter)
{
  for (const KslurmForeign *f = verb->foreign; f != NULL && (f->name || f->letter); f++)
    if (f->letter == letter)
      return f;
  return NULL;
}
