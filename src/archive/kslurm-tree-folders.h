/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "archive/kslurm-tree-folder.h"
#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmTreeFolders KslurmTreeFolders;

KslurmTreeFolders *kslurm_tree_folders_new(const char *prefix, GError **error);
void kslurm_tree_folders_free(KslurmTreeFolders *folders);

KslurmTreeFolder *
kslurm_tree_folders_open(KslurmTreeFolders *folders, const char *path, GError **error);
KslurmTreeFolder *kslurm_tree_folders_open_parent(KslurmTreeFolders *folders,
                                                  const char *path,
                                                  GError **error);
gboolean kslurm_tree_folders_add(KslurmTreeFolders *folders,
                                 const char *path,
                                 mode_t mode,
                                 struct timespec time,
                                 GError **error);
gboolean kslurm_tree_folders_finish(KslurmTreeFolders *folders, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmTreeFolders, kslurm_tree_folders_free)

G_END_DECLS
