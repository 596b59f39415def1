/* SPDX-License-Identifier: MIT */
#pragma once

#include "archive/kslurm-archive-source.h"
#include "base/util/kslurm-progress.h"

G_BEGIN_DECLS

typedef struct _KslurmTreeUnpack KslurmTreeUnpack;

KslurmTreeUnpack *kslurm_tree_unpack_new(KslurmArchiveSource *source,
                                         const char *prefix,
                                         guint threads,
                                         KslurmProgress *progress,
                                         GCancellable *cancellable,
                                         GError **error);
void kslurm_tree_unpack_free(KslurmTreeUnpack *unpack);

gboolean kslurm_tree_unpack_run(KslurmTreeUnpack *unpack, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmTreeUnpack, kslurm_tree_unpack_free)

G_END_DECLS
