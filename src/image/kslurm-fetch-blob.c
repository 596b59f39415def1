/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-lock.h"
#include "image/kslurm-fetch-private.h"

#define BLOCK (256 * 1024)
#define ATTEMPTS 2
#define SHOWN_DIGITS 12

/**
 * kslurm_fetch_count: (skip)
 * @blob: a blob
 * @bytes: how many of its bytes are here
 * @kept: how many of these an earlier run brought
 *
 * Tells its own progress, and that of all.
 */
void
kslurm_fetch_count(KslurmFetchBlob *blob, guint64 bytes, guint64 kept)
{
  kslurm_progress_add(blob->part, bytes - blob->counted, 0);
  kslurm_progress_add(blob->whole, bytes - blob->counted, 0);
  kslurm_progress_keep(blob->part, kept - blob->kept);
  kslurm_progress_keep(blob->whole, kept - blob->kept);
  blob->counted = bytes;
  blob->kept = kept;
}

/**
 * kslurm_fetch_hash_is: (skip)
 * @hash: a state, which is kept
 * @hex: the digits of a digest
 *
 * Returns: whether what was hashed has the digest
 */
gboolean
kslurm_fetch_hash_is(const struct sha256_ctx *hash, const char *hex)
{
  struct sha256_ctx copy = *hash;
  guint8 digest[SHA256_DIGEST_SIZE];
  char text[2 * SHA256_DIGEST_SIZE + 1];

  nettle_sha256_digest(&copy, sizeof digest, digest);
  for (gsize i = 0; i < sizeof digest; i++)
    g_snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return g_str_equal(text, hex);
}

static gboolean
file_is(const char *path, const char *hex)
{
  kslurm_autofd int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  g_autofree guint8 *block = g_malloc(BLOCK);
  struct sha256_ctx hash;
  gssize got = 0;

  nettle_sha256_init(&hash);
  while (fd >= 0 && (got = read(fd, block, BLOCK)) > 0)
    nettle_sha256_update(&hash, (gsize)got, block);
  return fd >= 0 && got == 0 && kslurm_fetch_hash_is(&hash, hex);
}

/* a false manifest must not cost others their blob, nor a damaged blob stay for ever */
static gboolean
drop_wrong_size(KslurmFetchBlob *blob, GError **error)
{
  if (file_is(blob->path, blob->hex)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("the manifest gives '%s' a false size of %zu bytes"), blob->digest,
                (gsize)blob->size);
    return FALSE;
  }
  g_unlink(blob->path);
  return TRUE;
}

/**
 * kslurm_fetch_is_there: (skip)
 * @blob: a blob
 * @there: (out): whether the store has it; its time of use is then now
 * @error: return location
 *
 * Returns: whether that could be told
 */
gboolean
kslurm_fetch_is_there(KslurmFetchBlob *blob, gboolean *there, GError **error)
{
  const struct timespec used[] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_OMIT}};
  struct stat st;

  *there = FALSE;
  if (lstat(blob->path, &st) != 0)
    return errno == ENOENT ||
           kslurm_set_errno(error, errno, _("cannot read '%s'"), blob->path);
  if (!S_ISREG(st.st_mode) || (guint64)st.st_size != blob->size)
    return drop_wrong_size(blob, error);
  utimensat(AT_FDCWD, blob->path, used, 0);
  kslurm_fetch_count(blob, blob->size, blob->size - (blob->counted - blob->kept));
  *there = TRUE;
  return TRUE;
}

static void
begin(KslurmFetchBlob *blob, gboolean waiting)
{
  g_autofree char *digits = g_strndup(blob->hex, SHOWN_DIGITS);
  g_autofree char *label = g_strdup_printf(_("waiting for %s"), digits);

  kslurm_fetch_count(blob, 0, 0);
  kslurm_progress_begin(blob->part, waiting ? label : digits, blob->size, 0);
}

static void
on_owner_shows(const char *note, gpointer data)
{
  KslurmFetchBlob *blob = data;
  guint64 bytes = 0, all = 0;

  if (!kslurm_progress_read_note(note, &bytes, &all))
    return;
  if (!blob->waiting)
    begin(blob, TRUE);
  blob->waiting = TRUE;
  kslurm_fetch_count(blob, MIN(bytes, blob->size), 0);
}

static KslurmLock *
acquire(const KslurmFetchSource *source, KslurmFetchBlob *blob, GError **error)
{
  g_autofree char *path = g_strconcat(source->work, "/", blob->hex, ".lock", NULL);
  KslurmLock *lock =
      kslurm_lock_acquire_watched(path, on_owner_shows, blob, source->cancellable, error);

  if (lock != NULL)
    kslurm_lock_show(lock, blob->part);
  return lock;
}

static gboolean
fetch_missing(const KslurmFetchSource *source, KslurmFetchBlob *blob, GError **error)
{
  g_autoptr(KslurmFetchPartial) partial = NULL;

  begin(blob, FALSE);
  partial = kslurm_fetch_partial_open(source, blob, error);
  for (int i = 0; partial != NULL && i < ATTEMPTS; i++) {
    if (!kslurm_fetch_pull(partial, error))
      return FALSE;
    if (kslurm_fetch_hash_is(&partial->hash, blob->hex))
      return kslurm_fetch_partial_publish(partial, error);
    g_info("the bytes of '%s' are others", blob->digest);
    if (!kslurm_fetch_partial_empty(partial, error))
      return FALSE;
  }
  if (partial != NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("the registry gave twice other bytes for '%s' than its digest says"),
                blob->digest);
  return FALSE;
}

/**
 * kslurm_fetch_run: (skip)
 * @source: where blobs come from
 * @blob: a blob
 * @error: return location
 *
 * Fetches the blob, or waits until another process has.
 *
 * Returns: whether the store has it
 */
gboolean
kslurm_fetch_run(const KslurmFetchSource *source, KslurmFetchBlob *blob, GError **error)
{
  g_autoptr(KslurmLock) lock = NULL;
  gboolean there = FALSE;

  if (g_cancellable_set_error_if_cancelled(source->cancellable, error))
    return FALSE;
  lock = acquire(source, blob, error);
  if (lock == NULL || !kslurm_fetch_is_there(blob, &there, error))
    return FALSE;
  return there || fetch_missing(source, blob, error);
}
