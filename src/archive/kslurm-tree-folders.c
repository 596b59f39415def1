/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-folders.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"

#define OPEN_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define MAX_OPEN 48

typedef struct {
  char *path;
  KslurmTreeFolder *open; /* NULL: closed to save descriptors */
  gboolean given;         /* the archive says its mode and time */
  mode_t mode;
  struct timespec time;
} Record;

struct _KslurmTreeFolders {
  GHashTable *by_path;
  GPtrArray *made; /* parents before what is in them */
  GQueue opened;
  Record *last;
  Record *root;
};

static void
record_free(gpointer data)
{
  Record *record = data;

  g_clear_pointer(&record->open, kslurm_tree_folder_release);
  g_free(record->path);
  g_free(record);
}

/* those opened longest ago are closed; the archive is sorted, so they are done with */
static void
set_open(KslurmTreeFolders *folders, Record *record, int fd)
{
  record->open = kslurm_tree_folder_new(fd);
  if (record == folders->root)
    return;
  g_queue_push_tail(&folders->opened, record);
  if (folders->opened.length > MAX_OPEN) {
    Record *oldest = g_queue_pop_head(&folders->opened);

    g_clear_pointer(&oldest->open, kslurm_tree_folder_release);
  }
}

static Record *
add_record(KslurmTreeFolders *folders, const char *path)
{
  Record *record = g_new0(Record, 1);

  record->path = g_strdup(path);
  g_hash_table_insert(folders->by_path, record->path, record);
  g_ptr_array_add(folders->made, record);
  return record;
}

/**
 * kslurm_tree_folders_new: (skip)
 * @prefix: an existing empty folder
 * @error: return location
 *
 * Begins a tree below @prefix.
 *
 * Returns: (transfer full) (nullable): the folders of the tree, or %NULL with @error set
 */
KslurmTreeFolders *
kslurm_tree_folders_new(const char *prefix, GError **error)
{
  int fd = open(prefix, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  KslurmTreeFolders *folders = NULL;

  if (fd < 0) {
    kslurm_set_errno(error, errno, _("cannot open the folder '%s'"), prefix);
    return NULL;
  }
  folders = g_new0(KslurmTreeFolders, 1);
  folders->by_path = g_hash_table_new(g_str_hash, g_str_equal);
  folders->made = g_ptr_array_new_with_free_func(record_free);
  folders->root = add_record(folders, "");
  set_open(folders, folders->root, fd);
  return folders;
}

static Record *find_or_make(KslurmTreeFolders *folders, const char *path, GError **error);

static Record *
find_parent(KslurmTreeFolders *folders, const char *path, GError **error)
{
  const char *slash = strrchr(path, '/');
  gsize length = slash != NULL ? (gsize)(slash - path) : 0;
  g_autofree char *parent = NULL;

  /* members of one folder follow each other */
  if (folders->last != NULL && strncmp(folders->last->path, path, length) == 0 &&
      folders->last->path[length] == '\0')
    return folders->last;
  parent = g_strndup(path, length);
  return find_or_make(folders, parent, error);
}

static gboolean
set_refused(GError **error, int saved_errno, const char *path)
{
  if (saved_errno != EEXIST && saved_errno != ELOOP && saved_errno != ENOTDIR)
    return kslurm_set_errno(error, saved_errno, _("cannot make the folder '%s'"), path);
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                      _("a member of that name, or above it, is no folder"));
  return FALSE;
}

/* what is not in our table was not made by us as a folder, whatever its name leads to */
static Record *
make_folder(KslurmTreeFolders *folders, const char *path, GError **error)
{
  Record *parent = find_parent(folders, path, error);
  g_autoptr(KslurmTreeFolder) holder = NULL;
  const char *slash = strrchr(path, '/');

  if (parent == NULL)
    return NULL;
  holder = kslurm_tree_folders_open(folders, parent->path, error);
  if (holder == NULL)
    return NULL;
  if (mkdirat(holder->fd, slash != NULL ? slash + 1 : path, 0777) != 0) {
    set_refused(error, errno, path);
    return NULL;
  }
  return add_record(folders, path);
}

static Record *
find_or_make(KslurmTreeFolders *folders, const char *path, GError **error)
{
  Record *record = g_hash_table_lookup(folders->by_path, path);

  if (record == NULL)
    record = make_folder(folders, path, error);
  return record;
}

static gboolean
reopen(KslurmTreeFolders *folders, Record *record, GError **error)
{
  Record *parent = find_parent(folders, record->path, error);
  g_autoptr(KslurmTreeFolder) holder = NULL;
  const char *slash = strrchr(record->path, '/');
  int fd = -1;

  if (parent != NULL)
    holder = kslurm_tree_folders_open(folders, parent->path, error);
  if (holder == NULL)
    return FALSE;
  fd = openat(holder->fd, slash != NULL ? slash + 1 : record->path, OPEN_FLAGS);
  if (fd < 0)
    return set_refused(error, errno, record->path);
  set_open(folders, record, fd);
  return TRUE;
}

/**
 * kslurm_tree_folders_open: (skip)
 * @folders: the folders of a tree
 * @path: a clean name, "" for the prefix
 * @error: return location
 *
 * Opens a folder of the tree, and makes it and its parents where they are not there yet.
 * Symlinks are never followed.
 *
 * Returns: (transfer full) (nullable): the folder, or %NULL with @error set
 */
KslurmTreeFolder *
kslurm_tree_folders_open(KslurmTreeFolders *folders, const char *path, GError **error)
{
  Record *record = find_or_make(folders, path, error);

  if (record == NULL || (record->open == NULL && !reopen(folders, record, error)))
    return NULL;
  folders->last = record;
  return kslurm_tree_folder_hold(record->open);
}

/**
 * kslurm_tree_folders_open_parent: (skip)
 * @folders: the folders of a tree
 * @path: the clean name of a member, not ""
 * @error: return location
 *
 * Opens the folder that the member is to be made in.
 *
 * Returns: (transfer full) (nullable): the folder, or %NULL with @error set
 */
KslurmTreeFolder *
kslurm_tree_folders_open_parent(KslurmTreeFolders *folders,
                                const char *path,
                                GError **error)
{
  Record *parent = find_parent(folders, path, error);

  return parent != NULL ? kslurm_tree_folders_open(folders, parent->path, error) : NULL;
}

/**
 * kslurm_tree_folders_add: (skip)
 * @folders: the folders of a tree
 * @path: a clean name; "" is the prefix, which stays as its maker wanted it
 * @mode: its permissions
 * @time: when it was last modified
 * @error: return location
 *
 * Makes a folder, or takes what the archive says about one that is there already. Mode and
 * time are set when nothing is written into it any more.
 *
 * Returns: whether it is there
 */
gboolean
kslurm_tree_folders_add(KslurmTreeFolders *folders,
                        const char *path,
                        mode_t mode,
                        struct timespec time,
                        GError **error)
{
  Record *record = find_or_make(folders, path, error);

  if (record == NULL)
    return FALSE;
  record->given = record != folders->root;
  record->mode = mode & 0777;
  record->time = time;
  return TRUE;
}

/**
 * kslurm_tree_folders_finish: (skip)
 * @folders: the folders of a tree in which nobody writes any more
 * @error: return location
 *
 * Sets the modes and times of the folders.
 *
 * Returns: whether all are set
 */
gboolean
kslurm_tree_folders_finish(KslurmTreeFolders *folders, GError **error)
{
  int root = folders->root->open->fd;
  mode_t usual = 0;
  struct stat st;

  for (guint i = folders->made->len; i-- > 1;) {
    const Record *record = folders->made->pdata[i];
    struct timespec times[2] = {record->time, record->time};

    if (!record->given)
      continue;
    if (usual == 0 && fstatat(root, record->path, &st, AT_SYMLINK_NOFOLLOW) == 0)
      usual = st.st_mode & 0777;
    if (utimensat(root, record->path, times, AT_SYMLINK_NOFOLLOW) != 0 ||
        (record->mode != usual && fchmodat(root, record->path, record->mode, 0) != 0))
      return kslurm_set_errno(error, errno, _("cannot set mode and time of '%s'"),
                              record->path);
  }
  return TRUE;
}

/**
 * kslurm_tree_folders_free: (skip)
 * @folders: (transfer full): the folders of a tree
 *
 * Closes them.
 */
void
kslurm_tree_folders_free(KslurmTreeFolders *folders)
{
  g_queue_clear(&folders->opened);
  g_hash_table_unref(folders->by_path);
  g_ptr_array_unref(folders->made);
  g_free(folders);
}
