/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-archive-source.h"

#include <archive.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#include "archive/kslurm-frames.h"
#include "base/util/kslurm-error-private.h"

/* a tar ends with two blocks of zeros; without them it was cut between two members */
#define END_BYTES 1024

struct _KslurmArchiveSource {
  KslurmFrameReader *reader;
  KslurmFrameBytes *frame;
  struct archive *tar;
  gsize zeros;
  GCancellable *cancellable;
  KslurmArchiveLeave leave;
  gpointer leave_data;
  GError *failure; /* of the callback, which can only say that there was one */
};

static gboolean
set_cut(GError **error)
{
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                      _("it is cut short; save it again or copy it anew"));
  return FALSE;
}

static void
count_zeros(KslurmArchiveSource *source)
{
  const KslurmFrameBytes *frame = source->frame;
  gsize n = 0;

  while (n < frame->size && n < END_BYTES && frame->data[frame->size - 1 - n] == 0)
    n++;
  source->zeros = n + (n == frame->size ? source->zeros : 0);
}

static gboolean
advance(KslurmArchiveSource *source, GError **error)
{
  g_autoptr(GError) failure = NULL;

  if (source->leave != NULL)
    source->leave(source->leave_data);
  g_clear_pointer(&source->frame, kslurm_frame_bytes_release);
  if (g_cancellable_set_error_if_cancelled(source->cancellable, error))
    return FALSE;
  source->frame = kslurm_frame_reader_next(source->reader, &failure);
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (source->frame != NULL)
    count_zeros(source);
  return TRUE;
}

static la_ssize_t
read_frame(struct archive *tar, void *data, const void **buffer)
{
  KslurmArchiveSource *source = data;

  if (!advance(source, &source->failure)) {
    archive_set_error(tar, EIO, "%s", source->failure->message);
    return ARCHIVE_FATAL;
  }
  *buffer = source->frame != NULL ? source->frame->data : NULL;
  return source->frame != NULL ? (la_ssize_t)source->frame->size : 0;
}

static gboolean
set_error(KslurmArchiveSource *source, GError **error)
{
  const char *why = archive_error_string(source->tar);

  if (source->failure != NULL) {
    g_propagate_error(error, g_error_copy(source->failure));
    return FALSE;
  }
  if (why != NULL && strcasestr(why, "truncated") != NULL)
    return set_cut(error);
  if (why != NULL && strcasestr(why, "unrecognized") != NULL)
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                        _("it is no tar archive"));
  else
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("it is damaged (%s); save it again or copy it anew"),
                why != NULL ? why : "tar");
  return FALSE;
}

static KslurmFrameReader *
open_reader(int fd, guint threads, GError **error)
{
  g_autoptr(GArray) frames = NULL;
  g_autoptr(GError) failure = NULL;
  struct stat st;

  if (fstat(fd, &st) != 0) {
    kslurm_set_errno(error, errno, _("cannot read"));
    return NULL;
  }
  if (!kslurm_frames_is_ours(fd))
    return kslurm_frame_reader_new_stream(fd, error);
  frames = kslurm_frames_find(fd, (guint64)st.st_size, &failure);
  if (frames == NULL) {
    /* what a disk cannot read may be whole */
    if (g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_CORRUPT))
      set_cut(error);
    else
      g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  return kslurm_frame_reader_new(fd, frames, threads);
}

/**
 * kslurm_archive_source_new: (skip)
 * @fd: an archive; stays the caller's
 * @threads: how many decode
 * @cancellable: (nullable): ends the reading
 * @error: return location
 *
 * Opens an archive to read its members: ours by frames, any other tar as a stream.
 *
 * Returns: (transfer full) (nullable): the source, or %NULL with @error set
 */
KslurmArchiveSource *
kslurm_archive_source_new(int fd, guint threads, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmArchiveSource) source = g_new0(KslurmArchiveSource, 1);

  source->cancellable = cancellable;
  source->reader = open_reader(fd, threads, error);
  if (source->reader == NULL)
    return NULL;
  source->tar = archive_read_new();
  archive_read_support_format_tar(source->tar);
  if (archive_read_open(source->tar, source, NULL, read_frame, NULL) != ARCHIVE_OK) {
    set_error(source, error);
    return NULL;
  }
  return g_steal_pointer(&source);
}

/**
 * kslurm_archive_source_set_leave: (skip)
 * @source: a source
 * @leave: called when what lies in the frame is about to go
 * @data: for @leave
 *
 * Registers who must hold or release the frame before another one can come.
 */
void
kslurm_archive_source_set_leave(KslurmArchiveSource *source,
                                KslurmArchiveLeave leave,
                                gpointer data)
{
  source->leave = leave;
  source->leave_data = data;
}

/* what comes after the tar's end has a checksum too */
static gboolean
verify_end(KslurmArchiveSource *source, GError **error)
{
  while (source->frame != NULL)
    if (!advance(source, error))
      return FALSE;
  return source->zeros >= END_BYTES || set_cut(error);
}

/**
 * kslurm_archive_source_next: (skip)
 * @source: a source
 * @entry: (out) (nullable): the next member, or %NULL after the last
 * @error: return location
 *
 * Reads the next header. The end is one only when the archive is whole.
 *
 * Returns: whether nothing failed
 */
gboolean
kslurm_archive_source_next(KslurmArchiveSource *source,
                           struct archive_entry **entry,
                           GError **error)
{
  int status = archive_read_next_header(source->tar, entry);

  if (status == ARCHIVE_OK || status == ARCHIVE_WARN)
    return TRUE;
  *entry = NULL;
  if (status != ARCHIVE_EOF || source->failure != NULL)
    return set_error(source, error);
  return verify_end(source, error);
}

/**
 * kslurm_archive_source_read: (skip)
 * @source: a source
 * @block: (out): the next part of the member, of size 0 after the last
 * @error: return location
 *
 * Reads what the member holds; what no block covers is zero.
 *
 * Returns: whether nothing failed
 */
gboolean
kslurm_archive_source_read(KslurmArchiveSource *source,
                           KslurmArchiveBlock *block,
                           GError **error)
{
  const void *data = NULL;
  const char *frame = NULL;
  int status = 0;

  do
    status = archive_read_data_block(source->tar, &data, &block->size, &block->offset);
  while (status == ARCHIVE_OK && block->size == 0);
  if (status == ARCHIVE_EOF) {
    block->size = 0;
    return TRUE;
  }
  if (status < ARCHIVE_WARN)
    return set_error(source, error);
  frame = source->frame != NULL ? source->frame->data : NULL;
  block->data = data;
  block->in_frame = frame != NULL && block->data >= frame &&
                    block->data + block->size <= frame + source->frame->size;
  return TRUE;
}

/**
 * kslurm_archive_source_get_frame: (skip)
 * @source: a source
 *
 * Gives the bytes that blocks may lie in.
 *
 * Returns: (nullable): the bytes, to be held by who needs them for longer
 */
KslurmFrameBytes *
kslurm_archive_source_get_frame(KslurmArchiveSource *source)
{
  return source->frame;
}

/**
 * kslurm_archive_source_free: (skip)
 * @source: (transfer full): a source of which nobody holds a frame
 *
 * Closes it.
 */
void
kslurm_archive_source_free(KslurmArchiveSource *source)
{
  g_clear_pointer(&source->tar, archive_read_free);
  g_clear_pointer(&source->frame, kslurm_frame_bytes_release);
  g_clear_pointer(&source->reader, kslurm_frame_reader_free);
  g_clear_error(&source->failure);
  g_free(source);
}
