/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

#define DEEPEST 64 /* below it a folder is moved up: descriptors and the stack are few */

typedef struct {
  int top; /* the tree's own folder */
  dev_t device;
  guint moved;
  GError *error; /* the first; what else can be removed is */
} Removal;

static gboolean remove_entry(Removal *removal, int folder, const char *name, guint depth);

static void
note_failure(Removal *removal, int folder, const char *name, int saved_errno)
{
  g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", folder);
  g_autofree char *place = g_file_read_link(link, NULL);
  g_autofree char *path = g_build_filename(place != NULL ? place : "", name, NULL);

  if (removal->error == NULL)
    kslurm_set_errno(&removal->error, saved_errno, _("cannot remove '%s'"), path);
}

/* an installed package may have folders that their owner cannot write, or not even read */
static int
open_unreadable(int parent, const char *name)
{
  kslurm_autofd int handle =
      openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", handle);

  if (handle < 0 || chmod(link, 0700) != 0)
    return -1;
  return open(link, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int
open_folder(int parent, const char *name)
{
  int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat st;

  if (fd < 0 && errno == EACCES)
    fd = open_unreadable(parent, name);
  if (fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 0700) != 0700)
    fchmod(fd, st.st_mode | 0700);
  return fd;
}

/* gives how many entries went away */
static guint
remove_content_once(Removal *removal, DIR *stream, guint depth)
{
  const struct dirent *entry = NULL;
  guint removed = 0;

  rewinddir(stream);
  while ((entry = readdir(stream)) != NULL) {
    if (g_str_equal(entry->d_name, ".") || g_str_equal(entry->d_name, ".."))
      continue;
    if (remove_entry(removal, dirfd(stream), entry->d_name, depth))
      removed++;
  }
  return removed;
}

static void
close_stream(DIR *stream)
{
  closedir(stream);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DIR, close_stream)

/* some file systems skip entries while others are removed, so until nothing is left */
static void
remove_content(Removal *removal, int fd, guint depth)
{
  int own = dup(fd);
  g_autoptr(DIR) stream = own >= 0 ? fdopendir(own) : NULL;

  if (stream == NULL && own >= 0)
    close(own);
  while (stream != NULL && remove_content_once(removal, stream, depth) > 0)
    ;
}

static gboolean
is_elsewhere(Removal *removal, int fd)
{
  struct stat st;

  return fstat(fd, &st) != 0 || st.st_dev != removal->device;
}

static gboolean
move_up(Removal *removal, int folder, const char *name)
{
  g_autofree char *to = NULL;

  do {
    g_free(to);
    to = g_strdup_printf(".kslurm-remove-%u", removal->moved++);
  } while (renameat(folder, name, removal->top, to) != 0 &&
           (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR));
  return faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
}

static gboolean
remove_folder(Removal *removal, int parent, const char *name, guint depth)
{
  kslurm_autofd int fd = -1;

  if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
    return TRUE;
  fd = open_folder(parent, name);
  if (fd < 0) {
    note_failure(removal, parent, name, errno);
    return FALSE;
  }
  if (is_elsewhere(removal, fd)) {
    note_failure(removal, parent, name, EBUSY);
    return FALSE;
  }
  if (depth >= DEEPEST && move_up(removal, parent, name))
    return TRUE;
  remove_content(removal, fd, depth + 1);
  if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
    return TRUE;
  note_failure(removal, parent, name, errno);
  return FALSE;
}

/* gives whether the name is gone */
static gboolean
remove_entry(Removal *removal, int folder, const char *name, guint depth)
{
  if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
    return TRUE;
  if (errno == EISDIR)
    return remove_folder(removal, folder, name, depth);
  note_failure(removal, folder, name, errno);
  return FALSE;
}

static gboolean
remove_tree(int parent, const char *name, GError **error)
{
  kslurm_autofd int top = open_folder(parent, name);
  Removal removal = {.top = top};
  struct stat st;

  if (top < 0 || fstat(top, &st) != 0)
    note_failure(&removal, parent, name, errno);
  if (removal.error == NULL) {
    removal.device = st.st_dev;
    remove_content(&removal, top, 1);
    if (unlinkat(parent, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
      note_failure(&removal, parent, name, errno);
  }
  if (removal.error == NULL)
    return TRUE;
  g_propagate_error(error, removal.error);
  return FALSE;
}

/**
 * kslurm_tree_remove: (skip)
 * @path: a folder or a file
 * @error: return location
 *
 * Removes a whole tree: by descriptors, so that nobody can put a link in the way, without
 * following links or entering another file system, whatever its depth, and also folders
 * that their owner may not write.
 *
 * Returns: whether nothing is left at @path, as when there was nothing; otherwise @error
 *   says what stayed first, and all that could go is gone
 */
gboolean
kslurm_tree_remove(const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *name = g_path_get_basename(path);
  kslurm_autofd int parent = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

  if (parent < 0 && errno == ENOENT)
    return TRUE;
  if (parent < 0)
    return kslurm_set_errno(error, errno, _("cannot remove '%s'"), path);
  if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
    return TRUE;
  if (errno != EISDIR)
    return kslurm_set_errno(error, errno, _("cannot remove '%s'"), path);
  return remove_tree(parent, name, error);
}
