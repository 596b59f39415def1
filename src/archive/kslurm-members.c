/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-members.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "archive/kslurm-hits.h"
#include "archive/kslurm-walk.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

#define OWN_FOLDER ".kslurm" /* its facts are of the save before */
#define READ_SIZE (1u << 20) /* still warm in the cache when it is searched */

/* a file with several names: the first that was saved */
typedef struct {
  guint64 device, inode;
  char *path;
  gboolean is_hit;
} Shared;

typedef struct {
  const char *prefix;
  KslurmFrameWriter *frames;
  KslurmTarWriter *tar;
  KslurmProgress *progress;
  GCancellable *cancellable;
  KslurmHits *search;
  GPtrArray *hits;    /* NULL: the places are not known */
  GHashTable *shared; /* of Shared */
  guint64 bytes, files;
} Members;

static guint
shared_hash(gconstpointer key)
{
  const Shared *shared = key;

  return g_int64_hash(&shared->inode);
}

static gboolean
shared_equal(gconstpointer a, gconstpointer b)
{
  const Shared *one = a, *other = b;

  return one->inode == other->inode && one->device == other->device;
}

static void
shared_free(gpointer data)
{
  Shared *shared = data;

  g_free(shared->path);
  g_free(shared);
}

static gboolean
set_unreadable(Members *members, const char *path, int saved_errno, GError **error)
{
  return kslurm_walk_set_unreadable(error, saved_errno, members->prefix, path);
}

static gboolean
set_changed(Members *members, const char *path, GError **error)
{
  return kslurm_walk_set_changed(error, members->prefix, path);
}

/* into the place where the frame wants it; gives 0 at the file's end, -1 with @error */
static gssize
copy_piece(Members *members, const char *path, int fd, guint64 left, GError **error)
{
  gsize space = 0;
  guint8 *to = kslurm_frame_writer_get_space(members->frames, &space, error);
  gssize got = 0;

  if (to == NULL)
    return -1;
  do
    got = read(fd, to, MIN(MIN(space, READ_SIZE), left));
  while (got < 0 && errno == EINTR);
  if (got < 0)
    set_unreadable(members, path, errno, error);
  if (got > 0)
    kslurm_hits_add(members->search, to, (gsize)got);
  if (got > 0 && !kslurm_tar_writer_add(members->tar, to, (gsize)got, error))
    return -1;
  return got;
}

static gboolean
copy_content(
    Members *members, const char *path, int fd, const struct stat *st, GError **error)
{
  guint64 left = (guint64)st->st_size;
  struct stat after;

  if (left > READ_SIZE)
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  while (left > 0) {
    gssize got = 0;

    if (g_cancellable_set_error_if_cancelled(members->cancellable, error))
      return FALSE;
    got = copy_piece(members, path, fd, left, error);
    if (got < 0)
      return FALSE;
    if (got == 0)
      return set_changed(members, path, error);
    left -= (guint64)got;
    kslurm_progress_add(members->progress, (guint64)got, 0);
  }
  if (fstat(fd, &after) != 0)
    return set_unreadable(members, path, errno, error);
  return (after.st_size == st->st_size && after.st_mtim.tv_sec == st->st_mtim.tv_sec &&
          after.st_mtim.tv_nsec == st->st_mtim.tv_nsec) ||
         set_changed(members, path, error);
}

static void
add_hit(Members *members, const char *path)
{
  if (members->hits != NULL)
    g_ptr_array_add(members->hits, g_strdup(path));
}

static Shared *
dup_shared(const struct stat *st, const char *path)
{
  Shared *shared = g_new0(Shared, 1);

  shared->device = st->st_dev;
  shared->inode = st->st_ino;
  shared->path = g_strdup(path);
  return shared;
}

static gboolean
write_content(Members *members,
              const KslurmWalkEntry *entry,
              int fd,
              const struct stat *st,
              gboolean *is_hit,
              GError **error)
{
  if (!kslurm_tar_writer_begin(members->tar, entry->path, st, NULL, error))
    return FALSE;
  kslurm_hits_begin(members->search, kslurm_hits_is_searched(entry->name));
  if (!copy_content(members, entry->path, fd, st, error))
    return FALSE;
  members->bytes += (guint64)st->st_size;
  *is_hit = kslurm_hits_end(members->search);
  return TRUE;
}

static gboolean
write_file(Members *members, const KslurmWalkEntry *entry, GError **error)
{
  kslurm_autofd int fd =
      openat(entry->folder, entry->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  Shared key = {0}, *shared = NULL;
  gboolean is_hit = FALSE;
  struct stat st;

  if (fd < 0 || fstat(fd, &st) != 0)
    return set_unreadable(members, entry->path, errno, error);
  if (!S_ISREG(st.st_mode))
    return set_changed(members, entry->path, error);
  key.device = st.st_dev;
  key.inode = st.st_ino;
  shared = st.st_nlink > 1 ? g_hash_table_lookup(members->shared, &key) : NULL;
  if (shared != NULL) {
    if (!kslurm_tar_writer_begin(members->tar, entry->path, &st, shared->path, error))
      return FALSE;
    is_hit = shared->is_hit;
  } else if (!write_content(members, entry, fd, &st, &is_hit, error)) {
    return FALSE;
  } else if (st.st_nlink > 1) {
    shared = dup_shared(&st, entry->path);
    shared->is_hit = is_hit;
    g_hash_table_add(members->shared, shared);
  }
  if (is_hit)
    add_hit(members, entry->path);
  return TRUE;
}

static gboolean
write_link(Members *members, const KslurmWalkEntry *entry, GError **error)
{
  char target[PATH_MAX];
  gssize length = readlinkat(entry->folder, entry->name, target, sizeof target);
  struct stat st;

  if (length < 0 || fstatat(entry->folder, entry->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
    return set_unreadable(members, entry->path, errno, error);
  if (length == sizeof target)
    return set_unreadable(members, entry->path, ENAMETOOLONG, error);
  if (!S_ISLNK(st.st_mode))
    return set_changed(members, entry->path, error);
  target[length] = '\0';
  kslurm_hits_begin(members->search, TRUE);
  kslurm_hits_add(members->search, target, (gsize)length);
  if (kslurm_hits_end(members->search))
    add_hit(members, entry->path);
  return kslurm_tar_writer_begin(members->tar, entry->path, &st, target, error);
}

static gboolean
write_folder(Members *members, const KslurmWalkEntry *entry, GError **error)
{
  struct stat st;

  if (fstatat(entry->folder, entry->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
    return set_unreadable(members, entry->path, errno, error);
  return kslurm_tar_writer_begin(members->tar, entry->path, &st, NULL, error);
}

static gboolean
is_own(const char *path)
{
  return g_str_has_prefix(path, OWN_FOLDER) &&
         (path[strlen(OWN_FOLDER)] == '\0' || path[strlen(OWN_FOLDER)] == '/');
}

static gboolean
write_member(const KslurmWalkEntry *entry, gpointer data, GError **error)
{
  Members *members = data;
  gboolean done = FALSE;

  if (is_own(entry->path))
    return TRUE;
  if (entry->type == DT_DIR)
    done = write_folder(members, entry, error);
  else if (entry->type == DT_LNK)
    done = write_link(members, entry, error);
  else
    done = write_file(members, entry, error);
  members->files++;
  kslurm_progress_add(members->progress, 0, 1);
  return done;
}

/**
 * kslurm_members_write: (skip)
 * @prefix: the folder of an environment
 * @facts: what is known about it; bytes, files and hits are filled in
 * @frames: where @tar writes
 * @tar: takes the members
 * @progress: (nullable): what counts them
 * @cancellable: (nullable): to give up
 * @error: return location
 *
 * Reads an environment once: each file goes into the tar and is searched on its way.
 *
 * Returns: whether all of it could be read as it was when it was begun
 */
gboolean
kslurm_members_write(const char *prefix,
                     KslurmVenvFacts *facts,
                     KslurmFrameWriter *frames,
                     KslurmTarWriter *tar,
                     KslurmProgress *progress,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr(KslurmHits) search = kslurm_hits_new((const char *const *)facts->places);
  g_autoptr(GHashTable) shared =
      g_hash_table_new_full(shared_hash, shared_equal, shared_free, NULL);
  g_autoptr(GPtrArray) hits =
      facts->places[0] != NULL ? g_ptr_array_new_with_free_func(g_free) : NULL;
  Members members = {prefix, frames, tar, progress, cancellable, search, hits, shared};

  if (!kslurm_walk(prefix, write_member, &members, cancellable, error))
    return FALSE;
  g_clear_pointer(&facts->hits, g_strfreev);
  if (hits != NULL) {
    g_ptr_array_add(hits, NULL);
    facts->hits = (char **)g_ptr_array_steal(hits, NULL);
  }
  facts->bytes = members.bytes;
  facts->files = members.files;
  return TRUE;
}
