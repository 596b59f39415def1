/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/image/kslurm-image-store-private.h"
#include "base/util/kslurm-autofd.h"

#define HOUR 3600

/**
 * kslurm_image_store_get_now: (skip)
 * @store: a store
 *
 * Returns: the time by the clock that stamps the store's files, in seconds since 1970; that
 *   of this node may differ
 */
gint64
kslurm_image_store_get_now(const KslurmImageStore *store)
{
  g_autofree char *path = kslurm_image_store_dup_path(store, "work/.now");
  kslurm_autofd int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  struct stat st;
  gboolean known = fd >= 0 && futimens(fd, NULL) == 0 && fstat(fd, &st) == 0;

  if (fd >= 0)
    g_unlink(path);
  return known ? (gint64)st.st_mtime : g_get_real_time() / G_USEC_PER_SEC;
}

static char *
dup_mark(const KslurmImageStore *store, const char *name)
{
  g_autofree char *digest = kslurm_image_name_dup_digest(name);

  return digest != NULL
             ? g_strconcat(store->path, "/used/", digest + strlen("sha256:"), NULL)
             : NULL;
}

/**
 * kslurm_image_store_get_used: (skip)
 * @store: a store
 * @name: a file inside it
 * @st: the file's state
 *
 * Returns: when the file was last used, as far as can be known, in seconds since 1970
 */
gint64
kslurm_image_store_get_used(const KslurmImageStore *store,
                            const char *name,
                            const struct stat *st)
{
  gint64 used = MAX((gint64)st->st_atime, (gint64)st->st_mtime);
  g_autofree char *mark = dup_mark(store, name);
  struct stat other;

  if (mark != NULL && stat(mark, &other) == 0)
    used = MAX(used, (gint64)other.st_mtime);
  return used;
}

static void
touch_mark(const KslurmImageStore *store, const char *name)
{
  g_autofree char *folder = kslurm_image_store_dup_path(store, "used");
  g_autofree char *mark = dup_mark(store, name);
  kslurm_autofd int fd = -1;

  if (mark == NULL || (g_mkdir(folder, 0777) != 0 && errno != EEXIST))
    return;
  fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (fd >= 0)
    futimens(fd, NULL);
}

/**
 * kslurm_image_store_mark_used: (skip)
 * @store: a store
 * @path: an image's data
 *
 * Notes that the image is used now. Most file systems do not, or once a day: so we set the
 * time of access, and where the data is another user's, that of a mark. Where neither can
 * be written nothing can be purged either.
 */
void
kslurm_image_store_mark_used(const KslurmImageStore *store, const char *path)
{
  const struct timespec times[] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_OMIT}};
  gsize length = strlen(store->path);
  struct stat st;

  if (stat(path, &st) != 0 || st.st_atime + HOUR > g_get_real_time() / G_USEC_PER_SEC)
    return;
  if (utimensat(AT_FDCWD, path, times, 0) != 0 && g_str_has_prefix(path, store->path) &&
      path[length] == '/')
    touch_mark(store, path + length + 1);
}
