/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "archive/kslurm-frame-reader.h"
#include "archive/kslurm-tree-batch.h"
#include "base/util/kslurm-progress.h"

G_BEGIN_DECLS

typedef struct _KslurmTreeWriter KslurmTreeWriter;

KslurmTreeWriter *
kslurm_tree_writer_new(guint threads, KslurmProgress *progress, GCancellable *cancellable);
void kslurm_tree_writer_free(KslurmTreeWriter *writer);

gboolean kslurm_tree_writer_add(KslurmTreeWriter *writer,
                                const KslurmTreeItem *item,
                                KslurmFrameBytes *frame);
gboolean kslurm_tree_writer_flush(KslurmTreeWriter *writer);
gboolean kslurm_tree_writer_finish(KslurmTreeWriter *writer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmTreeWriter, kslurm_tree_writer_free)

G_END_DECLS
