/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-partial-private.h"
#include "base/util/kslurm-process.h"
#include "image/kslurm-fetch-private.h"

#define SUFFIX ".part"
#define BLOCK (256 * 1024)
#define WRITE_OUT (8 * 1024 * 1024) /* the disk begins early, not when all is synced */

/* 'HEX.part' is nobody's; 'HEX.HOST-NAMESPACE-PID-NONCE.part' is being written */
static char *
dup_free_name(const KslurmFetchPartial *partial)
{
  return g_strconcat(partial->source->work, "/", partial->blob->hex, SUFFIX, NULL);
}

static char *
dup_own_name(const KslurmFetchPartial *partial)
{
  g_autofree char *owner = kslurm_partial_dup_owner();

  return g_strdup_printf("%s/%s.%s%d-%08x%08x" SUFFIX, partial->source->work,
                         partial->blob->hex, owner, (int)getpid(), g_random_int(),
                         g_random_int());
}

static gboolean
is_nobodys(const char *rest)
{
  g_autofree char *owner = kslurm_partial_dup_owner();
  int pid = 0;

  if (g_str_equal(rest, SUFFIX))
    return TRUE;
  return g_str_has_prefix(rest + 1, owner) &&
         sscanf(rest + 1 + strlen(owner), "%d-", &pid) == 1 && pid > 0 &&
         kslurm_process_is_gone(pid);
}

static GPtrArray *
list_left(const KslurmFetchPartial *partial)
{
  g_autoptr(GDir) folder = g_dir_open(partial->source->work, 0, NULL);
  GPtrArray *left = g_ptr_array_new_with_free_func(g_free);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    if (g_str_has_prefix(name, partial->blob->hex) && g_str_has_suffix(name, SUFFIX))
      g_ptr_array_add(left, g_strdup(name));
  }
  return left;
}

static const char *
find_longest(const KslurmFetchPartial *partial, GPtrArray *left)
{
  const char *longest = NULL;
  goffset most = 0;

  for (guint i = 0; i < left->len; i++) {
    g_autofree char *path = g_build_filename(partial->source->work, left->pdata[i], NULL);
    struct stat st;

    if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > most &&
        (guint64)st.st_size <= partial->blob->size) {
      longest = left->pdata[i];
      most = st.st_size;
    }
  }
  return longest;
}

static gboolean
set_write_error(const KslurmFetchPartial *partial, int saved_errno, GError **error)
{
  if (saved_errno != ENOSPC && saved_errno != EDQUOT)
    return kslurm_set_errno(error, saved_errno, _("cannot write '%s'"), partial->name);
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
              _("%s in '%s'; make room with 'kapp purge', and the download goes on from "
                "where it is"),
              g_strerror(saved_errno), partial->source->work);
  return FALSE;
}

static gboolean
create(KslurmFetchPartial *partial, GError **error)
{
  partial->name = dup_own_name(partial);
  partial->fd = open(partial->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (partial->fd < 0)
    return kslurm_set_errno(error, errno, _("cannot write '%s'"), partial->name);
  return TRUE;
}

/* a file that nobody can be writing any more becomes ours */
static gboolean
claim(KslurmFetchPartial *partial, const char *path, const char *rest)
{
  g_autofree char *own = dup_own_name(partial);

  if (!is_nobodys(rest))
    return FALSE;
  partial->fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (partial->fd < 0 || g_rename(path, own) != 0) {
    kslurm_autofd_clear(&partial->fd);
    return FALSE;
  }
  partial->name = g_steal_pointer(&own);
  return TRUE;
}

/* the hash of what is there already. From a file whose owner may yet wake up on its node
 * and write, or that another user owns, it is copied */
static gboolean
read_left(KslurmFetchPartial *partial, int fd, GError **error)
{
  g_autofree guint8 *block = g_malloc(BLOCK);
  gssize got = 0;

  while ((got = pread(fd, block, BLOCK, (off_t)partial->length)) > 0 &&
         partial->length < partial->blob->size) {
    got = (gssize)MIN((guint64)got, partial->blob->size - partial->length);
    if (g_cancellable_set_error_if_cancelled(partial->source->cancellable, error))
      return FALSE;
    if (fd != partial->fd) {
      if (!kslurm_fetch_partial_append(partial, block, (gsize)got, error))
        return FALSE;
    } else {
      nettle_sha256_update(&partial->hash, (gsize)got, block);
      partial->length += (guint64)got;
    }
    kslurm_fetch_count(partial->blob, partial->length, partial->length);
  }
  return TRUE;
}

static gboolean
take_over(KslurmFetchPartial *partial, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename(partial->source->work, name, NULL);
  kslurm_autofd int left = -1;

  if (claim(partial, path, name + strlen(partial->blob->hex)))
    return read_left(partial, partial->fd, error);
  left = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  return create(partial, error) && (left < 0 || read_left(partial, left, error));
}

/**
 * kslurm_fetch_partial_open: (skip)
 * @source: where blobs come from
 * @blob: a blob whose lock we hold
 * @error: return location
 *
 * Takes the longest begin of the blob that others left, or makes an empty file.
 *
 * Returns: (transfer full) (nullable): the file, or %NULL with @error set
 */
KslurmFetchPartial *
kslurm_fetch_partial_open(const KslurmFetchSource *source,
                          KslurmFetchBlob *blob,
                          GError **error)
{
  g_autoptr(KslurmFetchPartial) partial = g_new0(KslurmFetchPartial, 1);
  g_autoptr(GPtrArray) left = NULL;
  const char *longest = NULL;

  partial->source = source;
  partial->blob = blob;
  partial->fd = -1;
  nettle_sha256_init(&partial->hash);
  left = list_left(partial);
  longest = find_longest(partial, left);
  if (longest != NULL ? !take_over(partial, longest, error) : !create(partial, error))
    return NULL;
  for (guint i = 0; i < left->len; i++) {
    g_autofree char *path = g_build_filename(source->work, left->pdata[i], NULL);

    g_unlink(path);
  }
  return g_steal_pointer(&partial);
}

/**
 * kslurm_fetch_partial_append: (skip)
 * @partial: a file
 * @data: (array length=length): the bytes that follow
 * @length: how many
 * @error: return location
 *
 * Returns: whether they are written, and in the hash
 */
gboolean
kslurm_fetch_partial_append(KslurmFetchPartial *partial,
                            const guint8 *data,
                            gsize length,
                            GError **error)
{
  guint64 before = partial->length / WRITE_OUT;

  if (!kslurm_fd_write_all_at(partial->fd, data, length, (goffset)partial->length))
    return set_write_error(partial, errno, error);
  nettle_sha256_update(&partial->hash, length, data);
  partial->length += length;
  if (partial->length / WRITE_OUT != before)
    sync_file_range(partial->fd, (off_t)(before * WRITE_OUT), WRITE_OUT,
                    SYNC_FILE_RANGE_WRITE);
  return TRUE;
}

/**
 * kslurm_fetch_partial_empty: (skip)
 * @partial: a file
 * @error: return location
 *
 * Returns: whether it has nothing in it any more
 */
gboolean
kslurm_fetch_partial_empty(KslurmFetchPartial *partial, GError **error)
{
  if (ftruncate(partial->fd, 0) != 0)
    return kslurm_set_errno(error, errno, _("cannot write '%s'"), partial->name);
  nettle_sha256_init(&partial->hash);
  partial->length = 0;
  kslurm_fetch_count(partial->blob, 0, 0);
  return TRUE;
}

/**
 * kslurm_fetch_partial_publish: (skip)
 * @partial: a file whose digest holds
 * @error: return location
 *
 * Syncs the file and gives it the blob's name. Who did the same meanwhile, because it did
 * not see our lock beat, did it right.
 *
 * Returns: whether the blob has its name
 */
gboolean
kslurm_fetch_partial_publish(KslurmFetchPartial *partial, GError **error)
{
  if (fsync(partial->fd) != 0)
    return set_write_error(partial, errno, error);
  if (g_rename(partial->name, partial->blob->path) != 0 &&
      (errno != ENOENT || !g_file_test(partial->blob->path, G_FILE_TEST_EXISTS)))
    return kslurm_set_errno(error, errno, _("cannot write '%s'"), partial->blob->path);
  g_clear_pointer(&partial->name, g_free);
  return TRUE;
}

/**
 * kslurm_fetch_partial_free: (skip)
 * @partial: (transfer full): a file, which a next run may continue when it has no name yet
 */
void
kslurm_fetch_partial_free(KslurmFetchPartial *partial)
{
  struct stat st;

  if (partial->name != NULL) {
    g_autofree char *path = dup_free_name(partial);

    if (fstat(partial->fd, &st) != 0 || st.st_size == 0 ||
        g_rename(partial->name, path) != 0)
      g_unlink(partial->name);
  }
  kslurm_autofd_clear(&partial->fd);
  g_free(partial->name);
  g_free(partial);
}
