/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/stat.h>

#include "base/venv/kslurm-venv-relocate.h"

G_BEGIN_DECLS

/* one pass over an environment */
typedef struct {
  int root;
  KslurmRelocation *relocation;
  GHashTable *changed; /* (element-type filename GBytes): the files that changed */
  GHashTable *linked;  /* (element-type utf8 filename): what has several names, by its inode
                          before */
  GPtrArray *unknown;  /* (element-type filename) */
} KslurmPass;

gboolean kslurm_pass_replace(KslurmPass *pass,
                             int folder,
                             const char *name,
                             const struct stat *st,
                             GBytes *bytes,
                             GError **error);

gboolean kslurm_pass_retarget(
    KslurmPass *pass, int folder, const char *name, const struct stat *st, GError **error);

gboolean kslurm_pass_relink(
    KslurmPass *pass, int folder, const char *name, const struct stat *st, GError **error);

gboolean kslurm_pass_finish_links(KslurmPass *pass, GError **error);

gboolean kslurm_pass_finish_records(KslurmPass *pass, GError **error);

G_END_DECLS
