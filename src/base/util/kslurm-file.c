/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-partial.h"

/**
 * kslurm_fd_write_all: (skip)
 * @fd: a blocking descriptor
 * @data: (array length=length): what to write
 * @length: in bytes
 *
 * Writes everything, past short writes and interruptions.
 *
 * Returns: whether all was written; otherwise errno says why not
 */
gboolean
kslurm_fd_write_all(int fd, const char *data, gsize length)
{
  while (length > 0) {
    gssize written = write(fd, data, length);

    if (written < 0 && errno != EINTR)
      return FALSE;
    if (written > 0) {
      data += written;
      length -= (gsize)written;
    }
  }
  return TRUE;
}

/**
 * kslurm_fd_write_all_at: (skip)
 * @fd: a file
 * @data: (array length=length): what to write
 * @length: in bytes
 * @offset: where in the file
 *
 * Writes everything, as kslurm_fd_write_all() does, on any thread.
 *
 * Returns: whether all was written; otherwise errno says why not
 */
gboolean
kslurm_fd_write_all_at(int fd, const void *data, gsize length, goffset offset)
{
  const char *from = data;

  while (length > 0) {
    gssize written = pwrite(fd, from, length, offset);

    if (written < 0 && errno != EINTR)
      return FALSE;
    if (written > 0) {
      from += written;
      offset += written;
      length -= (gsize)written;
    }
  }
  return TRUE;
}

/* a symlinked configuration (a dotfiles repository) keeps its link */
static char *
dup_real_target(const char *path)
{
  g_autofree char *real = realpath(path, NULL);

  return g_strdup(real != NULL ? real : path);
}

/**
 * kslurm_file_replace_itself: (skip)
 * @target: the file; its folder exists
 * @data: (array length=length): the new content
 * @length: in bytes, or -1 when @data ends with NUL
 * @mode: the mode of the file, before the umask
 * @error: return location
 *
 * As kslurm_file_replace(), but a symlink of that name goes: for folders that others can
 * fill, whose links may lead to any file of this user.
 *
 * Returns: whether the file has the new content
 */
gboolean
kslurm_file_replace_itself(
    const char *target, const char *data, gssize length, int mode, GError **error)
{
  gsize size = length < 0 ? strlen(data) : (gsize)length;
  g_autoptr(KslurmPartial) partial = kslurm_partial_new(target, mode, error);

  if (partial == NULL)
    return FALSE;
  if (!kslurm_fd_write_all(kslurm_partial_get_fd(partial), data, size))
    return kslurm_set_errno(error, errno, _("cannot write '%s'"), target);
  return kslurm_partial_publish(partial, TRUE, error);
}

/**
 * kslurm_file_replace: (skip)
 * @path: the file; its folder exists
 * @data: (array length=length): the new content
 * @length: in bytes, or -1 when @data ends with NUL
 * @mode: the mode of the file, before the umask
 * @error: return location
 *
 * The one atomic write: the content goes to a temporary name beside @path, is synced, and
 * takes the name. Readers see the old content or the new. A symlink is kept, and what it
 * points to is replaced.
 *
 * Returns: whether the file has the new content
 */
gboolean
kslurm_file_replace(
    const char *path, const char *data, gssize length, int mode, GError **error)
{
  g_autofree char *target = dup_real_target(path);

  return kslurm_file_replace_itself(target, data, length, mode, error);
}

/**
 * kslurm_file_read: (skip)
 * @path: a file
 * @limit: the most bytes to accept
 * @error: return location
 *
 * Reads a whole regular file; folders, pipes and devices are refused, and so is a file
 * larger than @limit.
 *
 * Returns: (transfer full) (nullable): the content, never with %NULL as data, or %NULL with
 * @error set
 */
GBytes *
kslurm_file_read(const char *path, gsize limit, GError **error)
{
  kslurm_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  guint8 buffer[16384];
  g_autoptr(GByteArray) bytes = g_byte_array_sized_new(sizeof buffer);
  struct stat st;
  gssize got = 0;

  if (fd < 0 || fstat(fd, &st) != 0) {
    kslurm_set_errno(error, errno, _("cannot read '%s'"), path);
    return NULL;
  }
  if (!S_ISREG(st.st_mode)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED, _("'%s' is not a file"),
                path);
    return NULL;
  }
  while ((got = read(fd, buffer, sizeof buffer)) > 0 && bytes->len <= limit)
    g_byte_array_append(bytes, buffer, (guint)got);
  if (got < 0) {
    kslurm_set_errno(error, errno, _("cannot read '%s'"), path);
    return NULL;
  }
  if (bytes->len > limit) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                _("'%s' is larger than %zu bytes"), path, limit);
    return NULL;
  }
  return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}
