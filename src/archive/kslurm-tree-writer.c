/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-writer.h"

#include "archive/kslurm-tree-file.h"

/* for each thread, so that none waits for the next */
#define QUEUED 2

struct _KslurmTreeWriter {
  GPtrArray *threads;
  KslurmTreeBatch *batch; /* of the caller's thread, as is @broken */
  gboolean broken;
  GQueue batches;
  GMutex mutex;
  GCond changed;
  gboolean closed, given_up;
  GError *error; /* the first */
  KslurmProgress *progress;
  GCancellable *cancellable;
};

static gboolean
write_item(KslurmTreeWriter *writer, const KslurmTreeItem *item, GError **error)
{
  gboolean ok = FALSE;

  if (item->folder != NULL) {
    int fd = kslurm_tree_file_create(item->folder, item->path, item->mode, error);

    if (fd < 0)
      return FALSE;
    ok = kslurm_tree_file_write(fd, item->path, item->data, item->size, 0, error);
    return kslurm_tree_file_close(fd, item->path, item->mode, item->time,
                                  ok ? error : NULL) &&
           ok;
  }
  return kslurm_tree_large_write(item->large, item->data, item->size, item->offset,
                                 error) &&
         kslurm_tree_large_end_piece(item->large, error);
}

static gboolean
write_batch(KslurmTreeWriter *writer, KslurmTreeBatch *batch, GError **error)
{
  guint64 bytes = 0, files = 0;

  for (guint i = 0; i < kslurm_tree_batch_get_length(batch); i++) {
    const KslurmTreeItem *item = kslurm_tree_batch_get(batch, i);

    if (g_cancellable_set_error_if_cancelled(writer->cancellable, error) ||
        !write_item(writer, item, error))
      return FALSE;
    bytes += item->size;
    files += item->folder != NULL;
  }
  kslurm_progress_add(writer->progress, bytes, files);
  return TRUE;
}

/* after a failure batches are only thrown away, which lets go of their frames */
static gpointer
write_thread(gpointer data)
{
  KslurmTreeWriter *writer = data;

  g_mutex_lock(&writer->mutex);
  while (!writer->closed || writer->batches.length > 0) {
    KslurmTreeBatch *batch = g_queue_pop_head(&writer->batches);
    g_autoptr(GError) error = NULL;
    gboolean failed = writer->error != NULL || writer->given_up;

    if (batch == NULL) {
      g_cond_wait(&writer->changed, &writer->mutex);
      continue;
    }
    g_cond_broadcast(&writer->changed);
    g_mutex_unlock(&writer->mutex);
    if (!failed)
      write_batch(writer, batch, &error);
    kslurm_tree_batch_free(batch);
    g_mutex_lock(&writer->mutex);
    if (error != NULL && writer->error == NULL)
      writer->error = g_steal_pointer(&error);
  }
  g_mutex_unlock(&writer->mutex);
  return NULL;
}

/**
 * kslurm_tree_writer_new: (skip)
 * @threads: how many create files
 * @progress: (nullable): where files and bytes are counted
 * @cancellable: (nullable): ends the writing
 *
 * Starts the threads that create the files of batches.
 *
 * Returns: (transfer full): the writer
 */
KslurmTreeWriter *
kslurm_tree_writer_new(guint threads, KslurmProgress *progress, GCancellable *cancellable)
{
  KslurmTreeWriter *writer = g_new0(KslurmTreeWriter, 1);

  g_mutex_init(&writer->mutex);
  g_cond_init(&writer->changed);
  writer->progress = progress;
  writer->cancellable = cancellable;
  writer->threads = g_ptr_array_new();
  for (guint i = 0; i < MAX(threads, 1); i++)
    g_ptr_array_add(writer->threads, g_thread_new("kslurm-write", write_thread, writer));
  return writer;
}

/**
 * kslurm_tree_writer_flush: (skip)
 * @writer: a writer
 *
 * Hands what was added to the threads, and waits while enough waits for them already. From
 * then on nothing but they hold the frame.
 *
 * Returns: %FALSE once something failed; kslurm_tree_writer_finish() says what
 */
gboolean
kslurm_tree_writer_flush(KslurmTreeWriter *writer)
{
  g_autoptr(GMutexLocker) locker = NULL;

  if (writer->batch == NULL)
    return !writer->broken;
  locker = g_mutex_locker_new(&writer->mutex);
  while (writer->batches.length >= QUEUED * writer->threads->len)
    g_cond_wait(&writer->changed, &writer->mutex);
  g_queue_push_tail(&writer->batches, g_steal_pointer(&writer->batch));
  g_cond_broadcast(&writer->changed);
  writer->broken = writer->error != NULL;
  return !writer->broken;
}

/**
 * kslurm_tree_writer_add: (skip)
 * @writer: a writer
 * @item: (transfer full): a file or a piece; what it points to becomes the writer's
 * @frame: (nullable): what keeps the data of this item and those before, since the last
 *   kslurm_tree_writer_flush()
 *
 * Adds an item to the batch that is handed over when it is full.
 *
 * Returns: %FALSE once something failed; kslurm_tree_writer_finish() says what
 */
gboolean
kslurm_tree_writer_add(KslurmTreeWriter *writer,
                       const KslurmTreeItem *item,
                       KslurmFrameBytes *frame)
{
  if (writer->batch == NULL && frame == NULL)
    writer->batch = kslurm_tree_batch_new(NULL, NULL);
  else if (writer->batch == NULL)
    writer->batch = kslurm_tree_batch_new((GDestroyNotify)kslurm_frame_bytes_release,
                                          kslurm_frame_bytes_hold(frame));
  kslurm_tree_batch_add(writer->batch, item);
  return !kslurm_tree_batch_is_full(writer->batch) || kslurm_tree_writer_flush(writer);
}

/**
 * kslurm_tree_writer_finish: (skip)
 * @writer: a writer
 * @error: return location
 *
 * Waits until every batch is written and the threads have ended.
 *
 * Returns: whether all files are there
 */
gboolean
kslurm_tree_writer_finish(KslurmTreeWriter *writer, GError **error)
{
  kslurm_tree_writer_flush(writer);
  g_mutex_lock(&writer->mutex);
  writer->closed = TRUE;
  g_cond_broadcast(&writer->changed);
  g_mutex_unlock(&writer->mutex);
  for (guint i = 0; i < writer->threads->len; i++)
    g_thread_join(writer->threads->pdata[i]);
  g_ptr_array_set_size(writer->threads, 0);
  if (writer->error != NULL)
    g_propagate_error(error, g_error_copy(writer->error));
  return writer->error == NULL;
}

/**
 * kslurm_tree_writer_free: (skip)
 * @writer: (transfer full): a writer
 *
 * Ends the threads, if they were not, and frees the writer.
 */
void
kslurm_tree_writer_free(KslurmTreeWriter *writer)
{
  g_clear_pointer(&writer->batch, kslurm_tree_batch_free);
  g_mutex_lock(&writer->mutex);
  writer->given_up = TRUE;
  g_mutex_unlock(&writer->mutex);
  kslurm_tree_writer_finish(writer, NULL);
  g_ptr_array_unref(writer->threads);
  g_clear_error(&writer->error);
  g_mutex_clear(&writer->mutex);
  g_cond_clear(&writer->changed);
  g_free(writer);
}
