/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-large.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "archive/kslurm-tree-file.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

struct _KslurmTreeLarge {
  int fd;
  int pieces; /* not yet written, and one for who makes them */
  char *path;
  mode_t mode;
  struct timespec time;
};

static void
large_clear(gpointer data)
{
  KslurmTreeLarge *large = data;

  kslurm_autofd_clear(&large->fd);
  g_free(large->path);
}

/**
 * kslurm_tree_large_new: (skip)
 * @folder: where to
 * @path: its clean name in the tree
 * @size: of the whole file; what no piece covers is a hole
 * @mode: its permissions
 * @time: when it was last modified
 * @error: return location
 *
 * Creates a file that several threads write, piece by piece.
 *
 * Returns: (transfer full) (nullable): the file, or %NULL with @error set
 */
KslurmTreeLarge *
kslurm_tree_large_new(KslurmTreeFolder *folder,
                      const char *path,
                      goffset size,
                      mode_t mode,
                      struct timespec time,
                      GError **error)
{
  kslurm_autofd int fd = kslurm_tree_file_create(folder, path, mode, error);
  KslurmTreeLarge *large = NULL;

  if (fd < 0)
    return NULL;
  if (ftruncate(fd, size) != 0) {
    kslurm_set_errno(error, errno, _("cannot write '%s'"), path);
    return NULL;
  }
  large = g_atomic_rc_box_new0(KslurmTreeLarge);
  large->fd = kslurm_steal_fd(&fd);
  large->pieces = 1;
  large->path = g_strdup(path);
  large->mode = mode;
  large->time = time;
  return large;
}

/**
 * kslurm_tree_large_add_piece: (skip)
 * @large: a file
 *
 * Announces a piece, which is to be ended and released.
 *
 * Returns: (transfer full): @large
 */
KslurmTreeLarge *
kslurm_tree_large_add_piece(KslurmTreeLarge *large)
{
  g_atomic_int_inc(&large->pieces);
  return g_atomic_rc_box_acquire(large);
}

/**
 * kslurm_tree_large_write: (skip)
 * @large: a file
 * @data: (array length=size): what to write
 * @size: in bytes
 * @offset: where in the file
 * @error: return location
 *
 * Writes a piece.
 *
 * Returns: whether all of it was written
 */
gboolean
kslurm_tree_large_write(
    KslurmTreeLarge *large, const char *data, gsize size, goffset offset, GError **error)
{
  return kslurm_tree_file_write(large->fd, large->path, data, size, offset, error);
}

/**
 * kslurm_tree_large_end_piece: (skip)
 * @large: a file
 * @error: return location
 *
 * Says that a piece is written, or that no more will be added. The last to say so ends the
 * file.
 *
 * Returns: whether nothing failed
 */
gboolean
kslurm_tree_large_end_piece(KslurmTreeLarge *large, GError **error)
{
  if (!g_atomic_int_dec_and_test(&large->pieces))
    return TRUE;
  return kslurm_tree_file_close(kslurm_steal_fd(&large->fd), large->path, large->mode,
                                large->time, error);
}

/**
 * kslurm_tree_large_release: (skip)
 * @large: (transfer full): a file
 *
 * Lets go of it; a file that was not ended is left as it is.
 */
void
kslurm_tree_large_release(KslurmTreeLarge *large)
{
  g_atomic_rc_box_release_full(large, large_clear);
}
