/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/kslurm-partial.h"
#include "archive/kslurm-squash-facts.h"
#include "archive/kslurm-squash.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-lock.h"

/* which archive the image is of stands behind its end, where no reader looks: one name, and
 * nothing beside it that could be lost */
#define KEY_SIZE 128
#define FORMAT 1
#define ENDING ".sqfs"

static void
write_key(const struct stat *st, char key[KEY_SIZE])
{
  memset(key, 0, KEY_SIZE);
  g_snprintf(key, KEY_SIZE,
             "kslurm image %d of %" G_GINT64_FORMAT " bytes at %" G_GINT64_FORMAT
             ".%09ld\n",
             FORMAT, (gint64)st->st_size, (gint64)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
}

static gboolean
is_current(const char *image, const char key[KEY_SIZE])
{
  kslurm_autofd int fd = open(image, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  char found[KEY_SIZE];
  struct stat st;

  return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
         pread(fd, found, KEY_SIZE, st.st_size - KEY_SIZE) == KEY_SIZE &&
         memcmp(found, key, KEY_SIZE) == 0;
}

static gboolean
append_key(int fd, const char key[KEY_SIZE])
{
  return lseek(fd, 0, SEEK_END) >= 0 && kslurm_fd_write_all(fd, key, KEY_SIZE);
}

/* an image is a cache: of an archive that was removed or renamed it is of no use */
static void
sweep(const char *image)
{
  g_autofree char *path = g_path_get_dirname(image);
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    gsize stem = strlen(name) - MIN(strlen(name), strlen(ENDING));
    g_autofree char *file = g_build_filename(path, name, NULL);
    g_autofree char *ours = g_strdup_printf("%s/%.*s.tar.zst", path, (int)stem, name);
    g_autofree char *older = g_strdup_printf("%s/%.*s.tar.gz", path, (int)stem, name);

    if (g_str_has_suffix(name, ENDING) && !g_file_test(ours, G_FILE_TEST_EXISTS) &&
        !g_file_test(older, G_FILE_TEST_EXISTS))
      unlink(file);
  }
}

static gboolean
build(int archive,
      const char *path,
      const char *image,
      guint workers,
      char ***unknown,
      KslurmProgress *progress,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr(KslurmVenvFacts) facts =
      kslurm_squash_facts_read(archive, path, cancellable, error);
  g_autoptr(KslurmPartial) partial = NULL;
  g_autofree char *label = NULL;
  char key[KEY_SIZE];
  struct stat st;
  int fd = -1;

  if (facts == NULL || fstat(archive, &st) != 0)
    return FALSE;
  partial = kslurm_partial_new(image, error);
  if (partial == NULL)
    return FALSE;
  fd = kslurm_partial_get_fd(partial);
  write_key(&st, key);
  label = g_strdup_printf(_("making an image of '%s'"), facts->name);
  if (progress != NULL)
    kslurm_progress_begin(progress, label, facts->bytes, facts->files);
  if (!kslurm_squash_build(archive, fd, facts, workers, unknown, progress, cancellable,
                           error))
    return FALSE;
  if (!append_key(fd, key))
    return kslurm_set_errno(error, errno, _("cannot write '%s'"), image);
  return kslurm_partial_publish(partial, TRUE, error);
}

static gboolean
build_once(int archive,
           const char *path,
           const char *image,
           guint workers,
           char ***unknown,
           KslurmProgress *progress,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *folder = g_path_get_dirname(image);
  g_autofree char *base = g_path_get_basename(image);
  g_autofree char *lock_path = g_strdup_printf("%s/.%s.lock", folder, base);
  g_autoptr(KslurmLock) lock = kslurm_lock_acquire(lock_path, cancellable, error);
  char key[KEY_SIZE];
  struct stat st;

  if (lock == NULL)
    return FALSE;
  if (fstat(archive, &st) != 0)
    return kslurm_set_errno(error, errno, _("cannot read '%s'"), path);
  write_key(&st, key);
  if (is_current(image, key))
    return TRUE;
  sweep(image);
  if (build(archive, path, image, workers, unknown, progress, cancellable, error))
    return TRUE;
  if (error != NULL && (*error)->domain == KSLURM_ERROR)
    g_prefix_error(error, _("cannot read '%s': "), path);
  return FALSE;
}

/**
 * kslurm_squash_ensure: (skip)
 * @archive: the archive's path
 * @image: the image's, in the same folder
 * @workers: how many compress
 * @unknown: (out) (nullable) (transfer full): when an image was made, the files in it that
 *   name the old place and cannot find themselves
 * @progress: (nullable): where files and bytes are counted
 * @cancellable: (nullable): ends the building
 * @error: return location
 *
 * Makes the image of an archive unless there is one, once however many ask.
 *
 * Returns: whether @image is the image of @archive
 */
gboolean
kslurm_squash_ensure(const char *archive,
                     const char *image,
                     guint workers,
                     char ***unknown,
                     KslurmProgress *progress,
                     GCancellable *cancellable,
                     GError **error)
{
  kslurm_autofd int fd = open(archive, O_RDONLY | O_CLOEXEC);
  char key[KEY_SIZE];
  struct stat st;
  gboolean done = FALSE;

  *unknown = NULL;
  if (fd < 0 || fstat(fd, &st) != 0)
    return kslurm_set_errno(error, errno, _("cannot read '%s'"), archive);
  write_key(&st, key);
  if (is_current(image, key))
    return TRUE;
  done = build_once(fd, archive, image, workers, unknown, progress, cancellable, error);
  kslurm_progress_end(progress);
  return done;
}
