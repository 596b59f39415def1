/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* an account that the user may charge; a higher LevelFS means that its jobs start sooner */
typedef struct {
  char *name;
  double level; /* infinite where nothing was used yet */
  gboolean has_level;
} KslurmAccount;

GPtrArray *kslurm_accounts_parse(const char *text);
GPtrArray *kslurm_accounts_query(GCancellable *cancellable, GError **error);
char **kslurm_accounts_list_cached(void);

const char *kslurm_account_get_kind(const KslurmAccount *account);

G_END_DECLS
