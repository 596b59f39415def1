/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "archive/kslurm-tree-folders.h"

G_BEGIN_DECLS

typedef struct _KslurmTreeLinks KslurmTreeLinks;

gboolean kslurm_tree_links_make_symlink(KslurmTreeFolder *folder,
                                        const char *path,
                                        const char *target,
                                        struct timespec time,
                                        GError **error);

KslurmTreeLinks *kslurm_tree_links_new(void);
void kslurm_tree_links_free(KslurmTreeLinks *links);

gboolean kslurm_tree_links_add(KslurmTreeLinks *links,
                               const char *path,
                               const char *target,
                               GError **error);
gboolean kslurm_tree_links_finish(KslurmTreeLinks *links,
                                  KslurmTreeFolders *folders,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmTreeLinks, kslurm_tree_links_free)

G_END_DECLS
