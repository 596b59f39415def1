/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "archive/kslurm-tree-folder.h"
#include "archive/kslurm-tree-large.h"

G_BEGIN_DECLS

/* a file, or a piece of a large one */
typedef struct {
  KslurmTreeFolder *folder; /* NULL: a piece */
  KslurmTreeLarge *large;
  char *path;
  char *owned; /* NULL: @data lies in the batch's frame */
  const char *data;
  gsize size;
  goffset offset;
  mode_t mode;
  struct timespec time;
} KslurmTreeItem;

typedef struct _KslurmTreeBatch KslurmTreeBatch;

KslurmTreeBatch *kslurm_tree_batch_new(GDestroyNotify release, gpointer frame);
void kslurm_tree_batch_free(KslurmTreeBatch *batch);

void kslurm_tree_batch_add(KslurmTreeBatch *batch, const KslurmTreeItem *item);
gboolean kslurm_tree_batch_is_full(KslurmTreeBatch *batch);
guint kslurm_tree_batch_get_length(KslurmTreeBatch *batch);
const KslurmTreeItem *kslurm_tree_batch_get(KslurmTreeBatch *batch, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmTreeBatch, kslurm_tree_batch_free)

G_END_DECLS
