/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

#define OPEN_FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define MAX_DEPTH 200 /* each level holds a descriptor */

typedef struct {
  const char *root;
  GString *path;
  guint depth;
  KslurmWalkFunc func;
  gpointer data;
  GCancellable *cancellable;
} Walk;

static void
closedir_auto(DIR *folder)
{
  closedir(folder);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DIR, closedir_auto)

static gboolean walk_folder(Walk *walk, int fd, GError **error);

/**
 * kslurm_walk_set_changed: (skip)
 * @error: return location
 * @root: the root of the walk
 * @path: what changed below it
 *
 * Returns: %FALSE, so that a caller can return it
 */
gboolean
kslurm_walk_set_changed(GError **error, const char *root, const char *path)
{
  g_autofree char *full = g_build_filename(root, path, NULL);

  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_FAILED,
              _("'%s' changed while it was saved; try again"), full);
  return FALSE;
}

/* what was in the list of names is gone, or another kind of thing has its name */
static gboolean
is_change(int number)
{
  return number == ENOENT || number == ELOOP || number == ENOTDIR || number == EINVAL;
}

/**
 * kslurm_walk_set_unreadable: (skip)
 * @error: return location
 * @saved_errno: the value of errno when the call failed
 * @root: the root of the walk
 * @path: what could not be read below it
 *
 * Returns: %FALSE, so that a caller can return it
 */
gboolean
kslurm_walk_set_unreadable(GError **error,
                           int saved_errno,
                           const char *root,
                           const char *path)
{
  if (is_change(saved_errno))
    return kslurm_walk_set_changed(error, root, path);
  return kslurm_set_errno(error, saved_errno, _("cannot read '%s/%s'"), root, path);
}

static gboolean
set_unreadable(Walk *walk, int saved_errno, GError **error)
{
  return kslurm_walk_set_unreadable(error, saved_errno, walk->root, walk->path->str);
}

/* a name after its type, which takes one byte */
static gint
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a + 1, *(const char *const *)b + 1);
}

static char *
dup_name(const struct dirent *entry)
{
  gsize length = strlen(entry->d_name);
  char *name = g_malloc(length + 2);

  name[0] = (char)entry->d_type;
  memcpy(name + 1, entry->d_name, length + 1);
  return name;
}

/* gives errno */
static int
read_names(int fd, GPtrArray *names)
{
  kslurm_autofd int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  g_autoptr(DIR) folder = copy >= 0 ? fdopendir(copy) : NULL;
  const struct dirent *entry = NULL;

  if (folder == NULL)
    return errno;
  kslurm_steal_fd(&copy);
  while ((errno = 0, entry = readdir(folder)) != NULL)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      g_ptr_array_add(names, dup_name(entry));
  return errno;
}

static gboolean
find_type(Walk *walk, int fd, const char *name, unsigned char *type, GError **error)
{
  struct stat st;

  if (*type != DT_UNKNOWN)
    return TRUE;
  if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
    return set_unreadable(walk, errno, error);
  *type = IFTODT(st.st_mode);
  return TRUE;
}

static gboolean
enter_folder(Walk *walk, int parent, const char *name, GError **error)
{
  kslurm_autofd int fd = openat(parent, name, OPEN_FOLDER);

  if (fd < 0)
    return set_unreadable(walk, errno, error);
  if (walk->depth >= MAX_DEPTH)
    return set_unreadable(walk, ENAMETOOLONG, error);
  return walk_folder(walk, fd, error);
}

static gboolean
visit(Walk *walk, int fd, const char *name, unsigned char type, GError **error)
{
  KslurmWalkEntry entry = {walk->path->str, name, fd, type};

  if (!find_type(walk, fd, name, &entry.type, error))
    return FALSE;
  switch (entry.type) {
  case DT_DIR:
    return walk->func(&entry, walk->data, error) && enter_folder(walk, fd, name, error);
  case DT_REG:
  case DT_LNK:
    return walk->func(&entry, walk->data, error);
  case DT_SOCK:
  case DT_FIFO:
    return TRUE; /* ends of a running program's talk hold nothing */
  default:
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                _("'%s/%s' is a device, which cannot be saved; remove it"), walk->root,
                walk->path->str);
    return FALSE;
  }
}

static gboolean
visit_all(Walk *walk, int fd, GPtrArray *names, GError **error)
{
  gsize length = walk->path->len;

  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];

    if (g_cancellable_set_error_if_cancelled(walk->cancellable, error))
      return FALSE;
    g_string_truncate(walk->path, length);
    if (length > 0)
      g_string_append_c(walk->path, '/');
    g_string_append(walk->path, name + 1);
    if (!visit(walk, fd, name + 1, (unsigned char)name[0], error))
      return FALSE;
  }
  g_string_truncate(walk->path, length);
  return TRUE;
}

static gboolean
is_same_time(const struct stat *a, const struct stat *b)
{
  return a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* what came, went or was replaced below while it was read is seen by the folder's time */
static gboolean
walk_folder(Walk *walk, int fd, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  struct stat before, after;
  int saved_errno = 0;

  if (fstat(fd, &before) != 0 || (saved_errno = read_names(fd, names)) != 0)
    return set_unreadable(walk, saved_errno != 0 ? saved_errno : errno, error);
  g_ptr_array_sort(names, compare_names);
  walk->depth++;
  if (!visit_all(walk, fd, names, error))
    return FALSE;
  walk->depth--;
  if (fstat(fd, &after) != 0)
    return set_unreadable(walk, errno, error);
  return is_same_time(&before, &after) ||
         kslurm_walk_set_changed(error, walk->root, walk->path->str);
}

/**
 * kslurm_walk: (skip)
 * @root: a folder; it may be a symlink to one
 * @func: called for each folder, file and symlink below @root; a failure ends the walk
 * @data: for @func
 * @cancellable: (nullable): asked before each entry
 * @error: return location
 *
 * Visits a tree in the order of its names, a folder before what it holds, through
 * descriptors and without following a symlink. Sockets and pipes are left out.
 *
 * Returns: whether all was visited, and no folder changed meanwhile
 */
gboolean
kslurm_walk(const char *root,
            KslurmWalkFunc func,
            gpointer data,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr(GString) path = g_string_new(NULL);
  Walk walk = {root, path, 0, func, data, cancellable};
  kslurm_autofd int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return kslurm_set_errno(error, errno, _("cannot read '%s'"), root);
  return walk_folder(&walk, fd, error);
}
