/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct {
  const char *path; /* relative to the root, without './' */
  const char *name; /* the last part of it, in the folder */
  int folder;
  unsigned char type; /* DT_DIR, DT_REG, DT_LNK */
} KslurmWalkEntry;

typedef gboolean (*KslurmWalkFunc)(const KslurmWalkEntry *entry,
                                   gpointer data,
                                   GError **error);

gboolean kslurm_walk(const char *root,
                     KslurmWalkFunc func,
                     gpointer data,
                     GCancellable *cancellable,
                     GError **error);

gboolean kslurm_walk_set_changed(GError **error, const char *root, const char *path);
gboolean kslurm_walk_set_unreadable(GError **error,
                                    int saved_errno,
                                    const char *root,
                                    const char *path);

G_END_DECLS
