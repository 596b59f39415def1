/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"

#define CREATE_FLAGS (O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)

/* umask() cannot be asked without being changed, for all threads */
static gpointer
read_mask(gpointer data)
{
  g_autofree char *status = NULL;
  const char *line = NULL;
  guint mask = 0777;

  if (g_file_get_contents("/proc/self/status", &status, NULL, NULL))
    line = strstr(status, "\nUmask:");
  if (line != NULL && sscanf(line, "\nUmask: %o", &mask) != 1)
    mask = 0777;
  return GUINT_TO_POINTER(mask);
}

static mode_t
get_mask(void)
{
  static GOnce once = G_ONCE_INIT;

  return GPOINTER_TO_UINT(g_once(&once, read_mask, NULL));
}

static gboolean
set_no_room(GError **error, const char *path, const char *why)
{
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, _("cannot write '%s': %s"), path,
              why);
  return FALSE;
}

static gboolean
set_failed(GError **error, int saved_errno, const char *path)
{
  if (saved_errno == ENOSPC)
    return set_no_room(error, path, _("the disk is full; make room or choose another"));
  if (saved_errno == EDQUOT)
    return set_no_room(error, path, _("your quota is used up; delete what you can spare"));
  return kslurm_set_errno(error, saved_errno, _("cannot write '%s'"), path);
}

/**
 * kslurm_tree_file_create: (skip)
 * @folder: where to
 * @path: its clean name in the tree, whose last part is made in @folder
 * @mode: its permissions; other bits are dropped
 * @error: return location
 *
 * Creates a file that was not there before. Of two members with one name the second is an
 * error: which one a reader takes depends on the reader.
 *
 * Returns: a descriptor, or -1 with @error set
 */
int
kslurm_tree_file_create(KslurmTreeFolder *folder,
                        const char *path,
                        mode_t mode,
                        GError **error)
{
  const char *slash = strrchr(path, '/');
  int fd = openat(folder->fd, slash != NULL ? slash + 1 : path, CREATE_FLAGS, mode & 0777);

  if (fd < 0 && errno == EEXIST)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("it holds two members of the name '%s'"), path);
  else if (fd < 0)
    set_failed(error, errno, path);
  return fd;
}

/**
 * kslurm_tree_file_write: (skip)
 * @fd: the file
 * @path: its clean name in the tree
 * @data: (array length=size): what to write
 * @size: in bytes
 * @offset: where in the file
 * @error: return location
 *
 * Writes a part of the file.
 *
 * Returns: whether all of it was written
 */
gboolean
kslurm_tree_file_write(
    int fd, const char *path, const char *data, gsize size, goffset offset, GError **error)
{
  return kslurm_fd_write_all_at(fd, data, size, offset) || set_failed(error, errno, path);
}

/**
 * kslurm_tree_file_close: (skip)
 * @fd: (transfer full): the file
 * @path: its clean name in the tree
 * @mode: its permissions; other bits are dropped
 * @time: when it was last modified
 * @error: return location
 *
 * Ends a file. A compiled Python module is valid only beside a source with the very time
 * that it was compiled from.
 *
 * Returns: whether mode and time are set and the file system took everything
 */
gboolean
kslurm_tree_file_close(
    int fd, const char *path, mode_t mode, struct timespec time, GError **error)
{
  kslurm_autofd int open_fd = fd;
  struct timespec times[2] = {time, time};

  if ((mode & 0777 & get_mask()) != 0 && fchmod(fd, mode & 0777) != 0)
    return set_failed(error, errno, path);
  if (futimens(fd, times) != 0)
    return set_failed(error, errno, path);
  /* where a quota is checked late, as on a network disk, close says so */
  return close(kslurm_steal_fd(&open_fd)) == 0 || set_failed(error, errno, path);
}
