/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"

G_BEGIN_DECLS

int kslurm_complete(const KslurmVerb *program, const char *const *argv);

/**
 * KslurmCompleter: (skip)
 * @name: what a row's 'complete' says
 * @list: gives the candidates, each maybe with a tab and its help, (transfer full)
 *   (nullable); answers from files, or from Slurm within a second
 * @many: whether the value is several, parted by commas
 *
 * A source of dynamic candidates.
 */
typedef struct {
  const char *name;
  char **(*list)(void);
  gboolean many;
} KslurmCompleter;

extern const KslurmCompleter kslurm_completers[];

G_END_DECLS
