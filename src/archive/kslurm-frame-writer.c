/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-frame-writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "archive/kslurm-frame-pool.h"
#include "archive/kslurm-frames.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"

struct _KslurmFrameWriter {
  int fd;
  char *path;
  KslurmFramePool *pool;
  guint8 *part; /* the one being filled, or NULL */
  gsize used;
};

/**
 * kslurm_frame_writer_new: (skip)
 * @fd: an empty file; it stays the caller's
 * @path: its name, for messages
 * @workers: how many threads may compress
 *
 * Makes a writer of our archives: it takes a tar and parts it into frames.
 *
 * Returns: (transfer full): a writer, for one thread
 */
KslurmFrameWriter *
kslurm_frame_writer_new(int fd, const char *path, guint workers)
{
  KslurmFrameWriter *writer = g_new0(KslurmFrameWriter, 1);

  writer->fd = fd;
  writer->path = g_strdup(path);
  writer->pool = kslurm_frame_pool_new(fd, path, workers);
  return writer;
}

static void
push_part(KslurmFrameWriter *writer)
{
  if (writer->part != NULL)
    kslurm_frame_pool_push(writer->pool, g_steal_pointer(&writer->part), writer->used);
  writer->used = 0;
}

/**
 * kslurm_frame_writer_get_space: (skip)
 * @writer: a writer
 * @space: (out): how many bytes fit there, at least one
 * @error: return location
 *
 * Gives the place of the next bytes: what is put there and then added is not copied. Waits
 * while as many parts as memory may hold are on their way.
 *
 * Returns: (nullable): memory of the writer, or %NULL with @error set
 */
guint8 *
kslurm_frame_writer_get_space(KslurmFrameWriter *writer, gsize *space, GError **error)
{
  if (writer->used == KSLURM_FRAMES_PART_SIZE)
    push_part(writer);
  if (writer->part == NULL)
    writer->part = kslurm_frame_pool_take(writer->pool, error);
  *space = KSLURM_FRAMES_PART_SIZE - writer->used;
  return writer->part != NULL ? writer->part + writer->used : NULL;
}

/**
 * kslurm_frame_writer_add: (skip)
 * @writer: a writer
 * @data: (array length=length): the next bytes of the tar
 * @length: in bytes
 * @error: return location
 *
 * Takes bytes of the tar.
 *
 * Returns: whether nothing has failed so far
 */
gboolean
kslurm_frame_writer_add(KslurmFrameWriter *writer,
                        const void *data,
                        gsize length,
                        GError **error)
{
  const guint8 *from = data;

  while (length > 0) {
    gsize space = 0;
    guint8 *to = kslurm_frame_writer_get_space(writer, &space, error);
    gsize step = MIN(space, length);

    if (to == NULL)
      return FALSE;
    if (to != from)
      memcpy(to, from, step);
    writer->used += step;
    from += step;
    length -= step;
  }
  return TRUE;
}

static gboolean
write_at(int fd, GBytes *bytes, guint64 offset)
{
  return kslurm_fd_write_all_at(fd, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                (goffset)offset);
}

/**
 * kslurm_frame_writer_finish: (skip)
 * @writer: a writer that has the whole tar
 * @head: the archive's head
 * @error: return location
 *
 * Waits until all frames are in the file, ends it with the seek table, and fills in the
 * head. Nothing is synced.
 *
 * Returns: whether the file is whole
 */
gboolean
kslurm_frame_writer_finish(KslurmFrameWriter *writer, GBytes *head, GError **error)
{
  g_autoptr(GBytes) table = NULL;
  GArray *frames = NULL;
  const KslurmFrame *last = NULL;

  push_part(writer);
  frames = kslurm_frame_pool_wait(writer->pool, error);
  if (frames == NULL)
    return FALSE;
  g_array_index(frames, KslurmFrame, 0).decompressed =
      kslurm_frames_get_head_content(g_bytes_get_data(head, NULL), g_bytes_get_size(head));
  table = kslurm_frames_encode(frames);
  last = &g_array_index(frames, KslurmFrame, frames->len - 1);
  if (!write_at(writer->fd, table, last->offset + last->compressed) ||
      !write_at(writer->fd, head, 0))
    return kslurm_set_errno(error, errno, _("cannot write '%s'"), writer->path);
  return TRUE;
}

/**
 * kslurm_frame_writer_free: (skip)
 * @writer: (transfer full): a writer
 *
 * Forgets what is not in the file yet.
 */
void
kslurm_frame_writer_free(KslurmFrameWriter *writer)
{
  kslurm_frame_pool_free(writer->pool);
  g_aligned_free(writer->part);
  g_free(writer->path);
  g_free(writer);
}
