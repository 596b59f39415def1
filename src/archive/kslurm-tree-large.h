/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "archive/kslurm-tree-folder.h"

G_BEGIN_DECLS

typedef struct _KslurmTreeLarge KslurmTreeLarge;

KslurmTreeLarge *kslurm_tree_large_new(KslurmTreeFolder *folder,
                                       const char *path,
                                       goffset size,
                                       mode_t mode,
                                       struct timespec time,
                                       GError **error);
KslurmTreeLarge *kslurm_tree_large_add_piece(KslurmTreeLarge *large);
gboolean kslurm_tree_large_write(
    KslurmTreeLarge *large, const char *data, gsize size, goffset offset, GError **error);
gboolean kslurm_tree_large_end_piece(KslurmTreeLarge *large, GError **error);
void kslurm_tree_large_release(KslurmTreeLarge *large);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmTreeLarge, kslurm_tree_large_release)

G_END_DECLS
