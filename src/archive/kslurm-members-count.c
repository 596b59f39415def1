/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "archive/kslurm-members.h"
#include "archive/kslurm-walk.h"

typedef struct {
  guint64 bytes, files;
} Count;

static gboolean
count_member(const KslurmWalkEntry *entry, gpointer data, GError **error)
{
  Count *count = data;
  struct stat st;

  if (entry->type == DT_REG &&
      fstatat(entry->folder, entry->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
    count->bytes += (guint64)st.st_size;
  count->files++;
  return TRUE;
}

/**
 * kslurm_members_count: (skip)
 * @prefix: the folder of an environment
 * @cancellable: (nullable): to give up
 * @bytes: (out): what its files hold
 * @files: (out): how many entries it has
 *
 * Counts for a progress bar. What cannot be read is for kslurm_members_write() to say.
 *
 * Returns: whether all was counted
 */
gboolean
kslurm_members_count(const char *prefix,
                     GCancellable *cancellable,
                     guint64 *bytes,
                     guint64 *files)
{
  Count count = {0, 0};

  if (!kslurm_walk(prefix, count_member, &count, cancellable, NULL))
    return FALSE;
  *bytes = count.bytes;
  *files = count.files;
  return TRUE;
}
