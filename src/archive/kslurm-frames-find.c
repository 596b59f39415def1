/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "archive/kslurm-frames-private.h"
#include "archive/kslurm-frames.h"
#include "base/util/kslurm-error-private.h"

/* gives how many bytes were there, or -1 with errno */
static gssize
read_at(int fd, guint8 *to, gsize length, guint64 offset)
{
  gsize done = 0;

  while (done < length) {
    gssize got = pread(fd, to + done, length - done, (off_t)(offset + done));

    if (got < 0 && errno != EINTR)
      return -1;
    if (got == 0)
      break;
    done += got > 0 ? (gsize)got : 0;
  }
  return (gssize)done;
}

static gboolean
read_all(int fd, guint8 *to, gsize length, guint64 offset, GError **error)
{
  gssize got = read_at(fd, to, length, offset);

  if (got < 0)
    return kslurm_set_errno(error, errno, _("cannot read the archive"));
  if ((gsize)got < length)
    kslurm_frames_set_damaged(error);
  return (gsize)got == length;
}

/**
 * kslurm_frames_is_ours: (skip)
 * @fd: an open file
 *
 * Says whether a file is an archive in our own format, be it whole, cut short or damaged
 * further on. Others (an older tar.gz, what another program made) are for libarchive.
 *
 * Returns: whether kslurm_frames_find() is the way to read it
 */
gboolean
kslurm_frames_is_ours(int fd)
{
  g_autofree guint8 *head = g_malloc(KSLURM_FRAMES_HEAD_SIZE);
  gssize got = read_at(fd, head, KSLURM_FRAMES_HEAD_SIZE, 0);

  return got > 0 && kslurm_frames_is_head(head, (gsize)got);
}

/**
 * kslurm_frames_find: (skip)
 * @fd: an open archive of ours
 * @size: of the file
 * @error: return location
 *
 * Reads the seek table at the end of an archive. The first frame is the head, which holds
 * only the facts and is padded in the file; the others may be decompressed in any order,
 * and their content in this order is the rest of the tar.
 *
 * Returns: (transfer full) (nullable) (element-type KslurmFrame): the frames, or %NULL with
 * %KSLURM_ERROR_CORRUPT set when the file is cut short or damaged
 */
GArray *
kslurm_frames_find(int fd, guint64 size, GError **error)
{
  guint8 footer[KSLURM_FRAMES_FOOTER_SIZE] = {0};
  g_autofree guint8 *table = NULL;
  gsize length = 0;

  if (size > sizeof footer &&
      !read_all(fd, footer, sizeof footer, size - sizeof footer, error))
    return NULL;
  length = kslurm_frames_get_table_size(footer);
  if (length == 0 || length >= size) {
    kslurm_frames_set_damaged(error);
    return NULL;
  }
  table = g_malloc(length);
  if (!read_all(fd, table, length, size - length, error))
    return NULL;
  return kslurm_frames_decode(table, length, size, error);
}

/**
 * kslurm_frames_read_facts: (skip)
 * @fd: an open archive of ours
 * @length: (out): how many bytes the facts have
 * @error: return location
 *
 * Reads the facts of an archive: its head, nothing else.
 *
 * Returns: (transfer full) (nullable): JSON that ends with NUL, or %NULL with @error set
 */
char *
kslurm_frames_read_facts(int fd, gsize *length, GError **error)
{
  g_autofree guint8 *head = g_malloc(KSLURM_FRAMES_HEAD_SIZE);

  if (!read_all(fd, head, KSLURM_FRAMES_HEAD_SIZE, 0, error))
    return NULL;
  return kslurm_frames_decode_head(head, KSLURM_FRAMES_HEAD_SIZE, length, error);
}
