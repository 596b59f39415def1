/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-batch.h"

#define MAX_BYTES (2u << 20)
#define MAX_ITEMS 256
/* each is a descriptor, and a process may have as few as 1,024 */
#define MAX_FOLDERS 24

struct _KslurmTreeBatch {
  GArray *items;
  gsize bytes;
  guint folders;
  GDestroyNotify release;
  gpointer frame;
};

static void
item_clear(gpointer data)
{
  KslurmTreeItem *item = data;

  g_clear_pointer(&item->folder, kslurm_tree_folder_release);
  g_clear_pointer(&item->large, kslurm_tree_large_release);
  g_free(item->path);
  g_free(item->owned);
}

/**
 * kslurm_tree_batch_new: (skip)
 * @release: (nullable): called with @frame when the batch is freed
 * @frame: (nullable): what keeps the items' data
 *
 * Makes an empty batch: files that one thread creates, one after the other.
 *
 * Returns: (transfer full): the batch
 */
KslurmTreeBatch *
kslurm_tree_batch_new(GDestroyNotify release, gpointer frame)
{
  KslurmTreeBatch *batch = g_new0(KslurmTreeBatch, 1);

  batch->items = g_array_new(FALSE, FALSE, sizeof(KslurmTreeItem));
  g_array_set_clear_func(batch->items, item_clear);
  batch->release = release;
  batch->frame = frame;
  return batch;
}

/**
 * kslurm_tree_batch_add: (skip)
 * @batch: a batch
 * @item: (transfer full): a file or a piece; what it points to becomes the batch's
 *
 * Appends an item.
 */
void
kslurm_tree_batch_add(KslurmTreeBatch *batch, const KslurmTreeItem *item)
{
  guint n = batch->items->len;

  if (n == 0 || g_array_index(batch->items, KslurmTreeItem, n - 1).folder != item->folder)
    batch->folders++;
  batch->bytes += item->size;
  g_array_append_vals(batch->items, item, 1);
}

/**
 * kslurm_tree_batch_is_full: (skip)
 * @batch: a batch
 *
 * Says whether it is large enough to be worth a thread's while.
 *
 * Returns: whether nothing more should be added
 */
gboolean
kslurm_tree_batch_is_full(KslurmTreeBatch *batch)
{
  return batch->bytes >= MAX_BYTES || batch->items->len >= MAX_ITEMS ||
         batch->folders >= MAX_FOLDERS;
}

/**
 * kslurm_tree_batch_get_length: (skip)
 * @batch: a batch
 *
 * Counts its items.
 *
 * Returns: how many there are
 */
guint
kslurm_tree_batch_get_length(KslurmTreeBatch *batch)
{
  return batch->items->len;
}

/**
 * kslurm_tree_batch_get: (skip)
 * @batch: a batch
 * @i: less than kslurm_tree_batch_get_length()
 *
 * Gives an item.
 *
 * Returns: (transfer none): the item
 */
const KslurmTreeItem *
kslurm_tree_batch_get(KslurmTreeBatch *batch, guint i)
{
  return &g_array_index(batch->items, KslurmTreeItem, i);
}

/**
 * kslurm_tree_batch_free: (skip)
 * @batch: (transfer full): a batch
 *
 * Frees the batch and lets go of its frame.
 */
void
kslurm_tree_batch_free(KslurmTreeBatch *batch)
{
  g_array_unref(batch->items);
  if (batch->release != NULL)
    batch->release(batch->frame);
  g_free(batch);
}
