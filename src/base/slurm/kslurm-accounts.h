/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmAccount: (skip)
 * @name: the account
 * @level_fs: its LevelFS; infinite where nothing was used, NaN where Slurm gives none
 *
 * An account that the user may charge.
 */
typedef struct {
  char *name;
  double level_fs;
} KslurmAccount;

GPtrArray *kslurm_accounts_parse(const char *users, const char *shares);

GPtrArray *kslurm_accounts_query(GCancellable *cancellable, GError **error);

char **kslurm_accounts_list_cached(void);

G_END_DECLS
