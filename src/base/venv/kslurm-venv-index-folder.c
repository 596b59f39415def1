/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-lock.h"
#include "base/util/kslurm-tree.h"
#include "base/venv/kslurm-venv-index-private.h"
#include "base/venv/kslurm-venv-name.h"

#define MAX_FOLDERS 10000
#define MARK "partial-"

/* a file beside a folder that is not whole yet, held by the process that fills it */
typedef struct {
  char *path;
  char *prefix;
  int fd;
} Mark;

/* a folder that was given up takes its mark along; that of a killed process stays */
static void
mark_free(gpointer data)
{
  Mark *mark = data;

  if (!g_file_test(mark->prefix, G_FILE_TEST_EXISTS))
    g_unlink(mark->path);
  kslurm_autofd_clear(&mark->fd);
  g_free(mark->path);
  g_free(mark->prefix);
  g_free(mark);
}

/**
 * kslurm_venv_index_new_marks: (skip)
 *
 * Returns: (transfer full): no marks
 */
GPtrArray *
kslurm_venv_index_new_marks(void)
{
  return g_ptr_array_new_with_free_func(mark_free);
}

static char *
dup_mark_path(KslurmVenvIndex *index, const char *prefix)
{
  g_autofree char *base = g_path_get_basename(prefix);
  g_autofree char *file = g_strconcat(MARK, base, NULL);

  return g_build_filename(index->tmp, file, NULL);
}

/* somebody may have removed the file before we had its lock */
static gboolean
is_at(int fd, const char *path)
{
  struct stat ours, there;

  return fstat(fd, &ours) == 0 && g_stat(path, &there) == 0 &&
         ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

static gboolean
make_mark(KslurmVenvIndex *index, const char *prefix)
{
  g_autofree char *path = dup_mark_path(index, prefix);
  kslurm_autofd int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  Mark *mark = NULL;

  /* where locks do not work, all marks count as held */
  if (fd < 0 || (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) ||
      !is_at(fd, path))
    return FALSE;
  mark = g_new0(Mark, 1);
  mark->path = g_steal_pointer(&path);
  mark->prefix = g_strdup(prefix);
  mark->fd = kslurm_steal_fd(&fd);
  g_ptr_array_add(index->marks, mark);
  return TRUE;
}

/**
 * kslurm_venv_index_unmark: (skip)
 * @index: an index
 * @prefix: a folder that is whole, or was removed
 *
 * Removes what says that the folder is being filled.
 */
void
kslurm_venv_index_unmark(KslurmVenvIndex *index, const char *prefix)
{
  g_autofree char *path = dup_mark_path(index, prefix);

  g_unlink(path);
}

/**
 * kslurm_venv_index_is_marked: (skip)
 * @index: an index
 * @prefix: a folder
 *
 * Returns: whether the folder is not whole: it is being filled, or who did that was killed
 */
gboolean
kslurm_venv_index_is_marked(KslurmVenvIndex *index, const char *prefix)
{
  g_autofree char *path = dup_mark_path(index, prefix);

  return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* a lock that a kill lets go, unlike a file: scratch is of this node alone */
static gboolean
is_held(const char *mark)
{
  kslurm_autofd int fd = open(mark, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

  return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0;
}

static char *
make_folder(KslurmVenvIndex *index, const char *first, GError **error)
{
  for (guint i = 0; i < MAX_FOLDERS; i++) {
    g_autofree char *prefix = i == 0 ? g_strdup(first) : g_strdup_printf("%s-%u", first, i);

    gboolean made = g_mkdir(prefix, 0700) == 0;

    if (made && make_mark(index, prefix))
      return g_steal_pointer(&prefix);
    if (made)
      g_rmdir(prefix);
    else if (errno != EEXIST)
      break;
  }
  kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), first);
  return NULL;
}

static KslurmLock *
acquire(KslurmVenvIndex *index, GError **error)
{
  g_autofree char *path = g_strconcat(index->path, ".lock", NULL);

  return kslurm_lock_acquire(path, NULL, error);
}

static gboolean
is_listed(GHashTable *places, const char *prefix)
{
  GHashTableIter iter;
  gpointer place = NULL;

  g_hash_table_iter_init(&iter, places);
  while (g_hash_table_iter_next(&iter, NULL, &place))
    if (g_str_equal(place, prefix))
      return TRUE;
  return FALSE;
}

static void
look_at(KslurmVenvIndex *index, GHashTable *places, const char *file, GStrvBuilder *left)
{
  g_autofree char *path = g_build_filename(index->tmp, file, NULL);
  g_autofree char *mark = dup_mark_path(index, path);
  g_autofree char *prefix = g_str_has_prefix(file, MARK KSLURM_VENV_FOLDER)
                                ? g_build_filename(index->tmp, file + strlen(MARK), NULL)
                                : NULL;

  if (prefix != NULL && !g_file_test(prefix, G_FILE_TEST_EXISTS) && !is_held(path))
    g_unlink(path);
  if (g_str_has_prefix(file, KSLURM_VENV_FOLDER) && !is_listed(places, path) &&
      !is_held(mark))
    g_strv_builder_add(left, path);
}

/**
 * kslurm_venv_index_list_left: (skip)
 * @index: an index
 * @error: return location
 *
 * Returns: (transfer full) (nullable): folders of environments that no name stands for and
 *   that nobody fills any more, or %NULL with @error set
 */
char **
kslurm_venv_index_list_left(KslurmVenvIndex *index, GError **error)
{
  g_autoptr(KslurmLock) lock = acquire(index, error);
  g_autoptr(GHashTable) places =
      lock != NULL ? kslurm_venv_index_load_locked(index, error) : NULL;
  g_autoptr(GDir) folder = places != NULL ? g_dir_open(index->tmp, 0, error) : NULL;
  g_autoptr(GStrvBuilder) left = g_strv_builder_new();
  const char *file = NULL;

  if (folder == NULL)
    return NULL;
  while ((file = g_dir_read_name(folder)) != NULL)
    look_at(index, places, file, left);
  return g_strv_builder_end(left);
}

/* who fills the folder, or removes it, holds its mark */
static gboolean
remove_unheld(KslurmVenvIndex *index, const char *prefix, gboolean marked, GError **error)
{
  g_autofree char *path = dup_mark_path(index, prefix);
  kslurm_autofd int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  g_autoptr(GHashTable) places = kslurm_venv_index_load(index, error);

  if (places == NULL)
    return FALSE;
  if ((fd < 0 && marked) || is_listed(places, prefix) ||
      (fd >= 0 && (flock(fd, LOCK_EX | LOCK_NB) != 0 || !is_at(fd, path))))
    return TRUE;
  if (!kslurm_tree_remove(prefix, error))
    return FALSE;
  if (fd >= 0)
    g_unlink(path);
  return TRUE;
}

/**
 * kslurm_venv_index_remove_left: (skip)
 * @index: an index
 * @prefix: what kslurm_venv_index_list_left() gave
 * @error: return location
 *
 * Removes the folder, unless somebody else does or uses its name again by now.
 *
 * Returns: whether it went well
 */
gboolean
kslurm_venv_index_remove_left(KslurmVenvIndex *index, const char *prefix, GError **error)
{
  return remove_unheld(index, prefix, FALSE, error);
}

static void
remove_killed(KslurmVenvIndex *index)
{
  g_auto(GStrv) left = kslurm_venv_index_list_left(index, NULL);

  for (gsize i = 0; left != NULL && left[i] != NULL; i++)
    remove_unheld(index, left[i], TRUE, NULL);
}

/**
 * kslurm_venv_index_make_prefix: (skip)
 * @index: an index
 * @name: the name of an environment
 * @error: return location
 *
 * Makes an empty folder of the user's alone. Its path is the same on every node where the
 * name was not used before, so that the tasks of one job agree on it. Until the folder is
 * added to the index it is this process's to fill, or to remove. Folders of processes that
 * were killed before that go.
 *
 * Returns: (transfer full) (nullable): the folder, or %NULL with @error set
 */
char *
kslurm_venv_index_make_prefix(KslurmVenvIndex *index, const char *name, GError **error)
{
  g_autofree char *first = g_strdup_printf("%s/" KSLURM_VENV_FOLDER "%s", index->tmp, name);
  g_autoptr(KslurmLock) lock = NULL;

  if (!kslurm_venv_name_check(name, error))
    return NULL;
  remove_killed(index);
  lock = acquire(index, error);
  return lock != NULL ? make_folder(index, first, error) : NULL;
}
