/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/kslurm-archive-locale.h"
#include "archive/kslurm-squash-facts.h"
#include "archive/kslurm-squash.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-lock.h"
#include "base/util/kslurm-partial.h"

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

typedef struct {
  const char *path;
  int archive;
  const char *image;
  guint workers;
  char **unknown;
  KslurmProgress *progress;
  GCancellable *cancellable;
} Ensure;

static gboolean
fill(Ensure *ensure, int fd, GError **error)
{
  g_auto(KslurmArchiveLocale) locale = kslurm_archive_locale_enter();
  g_autoptr(KslurmVenvFacts) facts =
      kslurm_squash_facts_read(ensure->archive, ensure->path, ensure->cancellable, error);
  g_autofree char *label = NULL;

  if (facts == NULL)
    return FALSE;
  /* an archive may have been renamed since */
  g_free(facts->name);
  facts->name = g_path_get_basename(ensure->image);
  facts->name[strlen(facts->name) - strlen(ENDING)] = '\0';
  label = g_strdup_printf(_("making an image of '%s'"), facts->name);
  if (ensure->progress != NULL)
    kslurm_progress_begin(ensure->progress, label, facts->bytes, facts->files);
  return kslurm_squash_build(ensure->archive, fd, facts, ensure->workers, &ensure->unknown,
                             ensure->progress, ensure->cancellable, error);
}

static gboolean
build(Ensure *ensure, const char key[KEY_SIZE], GError **error)
{
  g_autoptr(KslurmPartial) partial = kslurm_partial_new(ensure->image, 0666, error);
  int fd = -1;

  if (partial == NULL)
    return FALSE;
  fd = kslurm_partial_get_fd(partial);
  if (!fill(ensure, fd, error)) {
    g_prefix_error(error, _("archive '%s': "), ensure->path);
    return FALSE;
  }
  if (!append_key(fd, key))
    return kslurm_set_errno(error, errno, _("cannot write '%s'"), ensure->image);
  return kslurm_partial_publish(partial, TRUE, error);
}

static gboolean
build_once(Ensure *ensure, const char key[KEY_SIZE], GError **error)
{
  g_autofree char *folder = g_path_get_dirname(ensure->image);
  g_autofree char *base = g_path_get_basename(ensure->image);
  g_autofree char *lock_path = g_strdup_printf("%s/.%s.lock", folder, base);
  g_autoptr(KslurmLock) lock = kslurm_lock_acquire(lock_path, ensure->cancellable, error);

  if (lock == NULL)
    return FALSE;
  if (is_current(ensure->image, key))
    return TRUE;
  sweep(ensure->image);
  return build(ensure, key, error);
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
  kslurm_autofd int fd = open(archive, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  Ensure ensure = {archive, fd, image, workers, NULL, progress, cancellable};
  char key[KEY_SIZE];
  struct stat st;
  gboolean done = FALSE;

  *unknown = NULL;
  if (fd < 0 || fstat(fd, &st) != 0)
    return kslurm_set_errno(error, errno, _("cannot open the archive '%s'"), archive);
  write_key(&st, key);
  if (is_current(image, key))
    return TRUE;
  done = build_once(&ensure, key, error);
  if (progress != NULL)
    kslurm_progress_end(progress);
  *unknown = g_steal_pointer(&ensure.unknown);
  return done;
}
