/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-arg.h"

G_BEGIN_DECLS

/* walks the rows of a verb's groups in their order */
typedef struct {
  const KslurmVerb *verb;
  gsize group;
  gsize row;
} KslurmRows;

void kslurm_rows_init(KslurmRows *rows, const KslurmVerb *verb);
const KslurmArg *kslurm_rows_next(KslurmRows *rows);

const KslurmArg *
kslurm_verb_find_option(const KslurmVerb *verb, const char *name, gsize length);
const KslurmArg *kslurm_verb_find_letter(const KslurmVerb *verb, char letter);
const KslurmArg *kslurm_verb_find_kind(const KslurmVerb *verb, KslurmArgKind kind);
const KslurmArg *kslurm_verb_find_row(const KslurmVerb *verb, const char *name);
const KslurmVerb *kslurm_verb_find_verb(const KslurmVerb *verb, const char *name);

const KslurmForeign *
kslurm_verb_find_foreign(const KslurmVerb *verb, const char *name, gsize length);
const KslurmForeign *kslurm_verb_find_foreign_letter(const KslurmVerb *verb, char letter);

G_END_DECLS
