/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/util/kslurm-error-private.h"
#include "image/kslurm-fetch-private.h"

#define HEX_LENGTH 64

/**
 * kslurm_fetch_tidy: (skip)
 * @work: the folder of what is being fetched
 * @blobs: the folder of blobs
 *
 * Removes locks and parts of blobs that are there: of who was killed in between, or is just
 * done.
 */
void
kslurm_fetch_tidy(const char *work, const char *blobs)
{
  g_autoptr(GDir) folder = g_dir_open(work, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *hex = g_strndup(name, HEX_LENGTH);
    g_autofree char *blob = g_build_filename(blobs, hex, NULL);
    g_autofree char *path = g_build_filename(work, name, NULL);

    if (strspn(name, "0123456789abcdef") == HEX_LENGTH && name[HEX_LENGTH] == '.' &&
        g_file_test(blob, G_FILE_TEST_EXISTS))
      g_unlink(path);
  }
}

static guint64
get_left(const char *work, const KslurmFetchBlob *blob)
{
  g_autoptr(GDir) folder = g_dir_open(work, 0, NULL);
  const char *name = NULL;
  guint64 most = 0;

  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *path = g_build_filename(work, name, NULL);
    struct stat st;

    if (g_str_has_prefix(name, blob->hex) && lstat(path, &st) == 0 &&
        (guint64)st.st_size <= blob->size)
      most = MAX(most, (guint64)st.st_size);
  }
  return most;
}

static char *
dup_size(guint64 bytes)
{
  g_autofree char *size = g_format_size(bytes);
  g_auto(GStrv) parts = g_strsplit(size, "\302\240", -1);

  return g_strjoinv(" ", parts);
}

/**
 * kslurm_fetch_check_space: (skip)
 * @work: the folder of what is being fetched
 * @blobs: (element-type KslurmFetchBlob): the blobs that are missing
 * @error: return location
 *
 * Returns: whether the disk has room for what is still to be written
 */
gboolean
kslurm_fetch_check_space(const char *work, GPtrArray *blobs, GError **error)
{
  guint64 needed = 0, left = 0;
  struct statvfs disk;

  for (guint i = 0; i < blobs->len; i++) {
    const KslurmFetchBlob *blob = blobs->pdata[i];

    needed += MIN(blob->size - get_left(work, blob), G_MAXUINT64 - needed);
  }
  if (statvfs(work, &disk) != 0)
    return kslurm_set_errno(error, errno, _("cannot read '%s'"), work);
  left = (guint64)disk.f_bavail * disk.f_frsize;
  if (needed > left) {
    g_autofree char *asked = dup_size(needed);
    g_autofree char *free_space = dup_size(left);

    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                _("the disk of '%s' has %s left, and %s are still to come; make room with "
                  "'kapp purge'"),
                work, free_space, asked);
    return FALSE;
  }
  return TRUE;
}
