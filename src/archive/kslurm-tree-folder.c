/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-folder.h"

#include <unistd.h>

/**
 * kslurm_tree_folder_new: (skip)
 * @fd: (transfer full): an open folder
 *
 * Shares a descriptor among threads.
 *
 * Returns: (transfer full): its first holder's
 */
KslurmTreeFolder *
kslurm_tree_folder_new(int fd)
{
  KslurmTreeFolder *folder = g_atomic_rc_box_new0(KslurmTreeFolder);

  folder->fd = fd;
  return folder;
}

/**
 * kslurm_tree_folder_hold: (skip)
 * @folder: an open folder
 *
 * Keeps it open for one more holder.
 *
 * Returns: (transfer full): @folder
 */
KslurmTreeFolder *
kslurm_tree_folder_hold(KslurmTreeFolder *folder)
{
  return g_atomic_rc_box_acquire(folder);
}

static void
close_folder(gpointer data)
{
  close(((KslurmTreeFolder *)data)->fd);
}

/**
 * kslurm_tree_folder_release: (skip)
 * @folder: (transfer full): an open folder
 *
 * Closes it after the last holder.
 */
void
kslurm_tree_folder_release(KslurmTreeFolder *folder)
{
  g_atomic_rc_box_release_full(folder, close_folder);
}
