/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-frame-gzip.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "base/util/kslurm-error-private.h"

#define READ_BYTES (256 * 1024)

/* libarchive's own filter does not look at gzip's checksum */
struct _KslurmFrameGzip {
  int fd;
  GConverter *converter;
  gboolean at_end;  /* of the file */
  gboolean between; /* no member has begun that has not ended */
  gsize from, to;   /* what is in the buffer */
  char buffer[READ_BYTES];
};

/**
 * kslurm_frame_gzip_is_gzip: (skip)
 * @fd: a file
 *
 * Says how the file begins.
 *
 * Returns: whether it was compressed by gzip
 */
gboolean
kslurm_frame_gzip_is_gzip(int fd)
{
  guint8 magic[3] = {0};

  return pread(fd, magic, sizeof magic, 0) == sizeof magic && magic[0] == 0x1f &&
         magic[1] == 0x8b && magic[2] == 8;
}

/**
 * kslurm_frame_gzip_new: (skip)
 * @fd: a file, read from where it stands; stays the caller's
 *
 * Makes a decompressor that verifies gzip's checksums.
 *
 * Returns: (transfer full): it
 */
KslurmFrameGzip *
kslurm_frame_gzip_new(int fd)
{
  KslurmFrameGzip *gzip = g_new0(KslurmFrameGzip, 1);

  gzip->fd = fd;
  gzip->converter = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  return gzip;
}

static gboolean
read_more(KslurmFrameGzip *gzip, GError **error)
{
  gssize got = 0;

  memmove(gzip->buffer, gzip->buffer + gzip->from, gzip->to - gzip->from);
  gzip->to -= gzip->from;
  gzip->from = 0;
  do
    got = read(gzip->fd, gzip->buffer + gzip->to, sizeof gzip->buffer - gzip->to);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    return kslurm_set_errno(error, errno, _("cannot read"));
  gzip->at_end = got == 0;
  gzip->to += (gsize)got;
  return TRUE;
}

static gboolean
set_error(GError **error, const GError *failure)
{
  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                        _("it is cut short; save it again or copy it anew"));
  else
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("it is damaged (%s); save it again or copy it anew"), "gzip");
  return FALSE;
}

/* what follows a member is another one, or padding, which gzip ignores too */
static gboolean
is_over(KslurmFrameGzip *gzip)
{
  return gzip->between && gzip->at_end &&
         (gzip->from == gzip->to || gzip->buffer[gzip->from] != 0x1f);
}

static gboolean
convert(KslurmFrameGzip *gzip, char *data, gsize room, gsize *size, GError **error)
{
  g_autoptr(GError) failure = NULL;
  gsize took = 0, gave = 0;
  GConverterResult result = g_converter_convert(
      gzip->converter, gzip->buffer + gzip->from, gzip->to - gzip->from, data, room,
      gzip->at_end ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &took, &gave,
      &failure);

  if (result == G_CONVERTER_ERROR)
    return (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) &&
            !gzip->at_end) ||
           set_error(error, failure);
  gzip->from += took;
  *size += gave;
  gzip->between = result == G_CONVERTER_FINISHED;
  if (gzip->between)
    g_converter_reset(gzip->converter);
  return TRUE;
}

/**
 * kslurm_frame_gzip_fill: (skip)
 * @gzip: a decompressor
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
kslurm_frame_gzip_fill(
    KslurmFrameGzip *gzip, char *data, gsize room, gsize *size, GError **error)
{
  *size = 0;
  while (*size < room) {
    if (!gzip->at_end && gzip->to - gzip->from < READ_BYTES / 2 && !read_more(gzip, error))
      return FALSE;
    if (is_over(gzip))
      return TRUE;
    if (gzip->between && gzip->from < gzip->to && gzip->buffer[gzip->from] != 0x1f)
      gzip->from = gzip->to;
    else if (!convert(gzip, data + *size, room - *size, size, error))
      return FALSE;
  }
  return TRUE;
}

/**
 * kslurm_frame_gzip_free: (skip)
 * @gzip: (transfer full): a decompressor
 */
void
kslurm_frame_gzip_free(KslurmFrameGzip *gzip)
{
  g_object_unref(gzip->converter);
  g_free(gzip);
}
