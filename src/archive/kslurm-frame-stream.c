/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-frame-stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "archive/kslurm-frame-gzip.h"
#include "base/util/kslurm-error-private.h"

#define READ_BYTES (256 * 1024)

struct _KslurmFrameStream {
  KslurmFrameGzip *gzip; /* or else */
  struct archive *raw;
  int fd;
  int saved_errno;
  gboolean ended;
  char buffer[READ_BYTES];
};

static la_ssize_t
read_more(struct archive *raw, void *data, const void **buffer)
{
  KslurmFrameStream *stream = data;
  gssize got = 0;

  do
    got = read(stream->fd, stream->buffer, sizeof stream->buffer);
  while (got < 0 && errno == EINTR);
  if (got < 0) {
    stream->saved_errno = errno;
    archive_set_error(raw, errno, "%s", g_strerror(errno));
    return ARCHIVE_FATAL;
  }
  *buffer = stream->buffer;
  return got;
}

/* libarchive has no code of its own for input that ends early */
static gboolean
is_cut(const char *why)
{
  static const char *const words[] = {"truncated", "premature", "no progress is possible"};

  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (why == NULL || strcasestr(why, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
set_error(KslurmFrameStream *stream, GError **error)
{
  const char *why = archive_error_string(stream->raw);

  if (stream->saved_errno != 0)
    return kslurm_set_errno(error, stream->saved_errno, _("cannot read"));
  if (is_cut(why))
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                        _("it is cut short; save it again or copy it anew"));
  else
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("it is damaged (%s); save it again or copy it anew"), why);
  return FALSE;
}

static gboolean
open_raw(KslurmFrameStream *stream, GError **error)
{
  struct archive_entry *entry = NULL;
  int status = ARCHIVE_FATAL;

  stream->raw = archive_read_new();
  archive_read_support_filter_bzip2(stream->raw);
  archive_read_support_filter_xz(stream->raw);
  archive_read_support_filter_zstd(stream->raw);
  archive_read_support_format_raw(stream->raw);
  archive_read_support_format_empty(stream->raw);
  if (archive_read_open(stream->raw, stream, NULL, read_more, NULL) == ARCHIVE_OK)
    status = archive_read_next_header(stream->raw, &entry);
  stream->ended = status == ARCHIVE_EOF;
  return status >= ARCHIVE_WARN || set_error(stream, error);
}

/**
 * kslurm_frame_stream_new: (skip)
 * @fd: a file, read from where it stands; stays the caller's
 * @error: return location
 *
 * Opens what another program compressed: by gzip, bzip2, xz, zstd, or not at all.
 *
 * Returns: (transfer full) (nullable): the stream, or %NULL with @error set
 */
KslurmFrameStream *
kslurm_frame_stream_new(int fd, GError **error)
{
  g_autoptr(KslurmFrameStream) stream = g_new0(KslurmFrameStream, 1);

  stream->fd = fd;
  if (kslurm_frame_gzip_is_gzip(fd))
    stream->gzip = kslurm_frame_gzip_new(fd);
  else if (!open_raw(stream, error))
    return NULL;
  return g_steal_pointer(&stream);
}

/**
 * kslurm_frame_stream_fill: (skip)
 * @stream: a stream
 * @data: (array length=room): where the bytes go
 * @room: how many there may be
 * @size: (out): how many there were; less than @room at the end only
 * @error: return location
 *
 * Decompresses the next bytes.
 *
 * Returns: whether nothing failed
 */
gboolean
kslurm_frame_stream_fill(
    KslurmFrameStream *stream, char *data, gsize room, gsize *size, GError **error)
{
  if (stream->gzip != NULL)
    return kslurm_frame_gzip_fill(stream->gzip, data, room, size, error);
  *size = 0;
  while (*size < room && !stream->ended) {
    la_ssize_t got = archive_read_data(stream->raw, data + *size, room - *size);

    if (got < 0)
      return set_error(stream, error);
    stream->ended = got == 0;
    *size += (gsize)got;
  }
  return TRUE;
}

/**
 * kslurm_frame_stream_free: (skip)
 * @stream: (transfer full): a stream
 *
 * Closes it.
 */
void
kslurm_frame_stream_free(KslurmFrameStream *stream)
{
  g_clear_pointer(&stream->gzip, kslurm_frame_gzip_free);
  g_clear_pointer(&stream->raw, archive_read_free);
  g_free(stream);
}
