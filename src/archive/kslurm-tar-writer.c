/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tar-writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <locale.h>

#include "base/util/kslurm-error.h"

struct _KslurmTarWriter {
  KslurmFrameWriter *frames;
  struct archive *archive;
  struct archive_entry *entry;
  locale_t locale; /* or (locale_t)0 for the program's own */
  GError *error;   /* of the frames below libarchive */
  gboolean is_over;
};

static la_ssize_t
write_block(struct archive *archive, void *data, const void *block, size_t length)
{
  KslurmTarWriter *tar = data;

  if (tar->is_over)
    return -1;
  if (kslurm_frame_writer_add(tar->frames, block, length, &tar->error))
    return (la_ssize_t)length;
  archive_set_error(archive, EIO, "%s", tar->error->message);
  return -1;
}

static gboolean
set_failed(KslurmTarWriter *tar, const char *path, GError **error)
{
  if (tar->error != NULL)
    g_propagate_error(error, g_steal_pointer(&tar->error));
  else
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_FAILED, _("cannot save '%s': %s"), path,
                archive_error_string(tar->archive));
  return FALSE;
}

/**
 * kslurm_tar_writer_new: (skip)
 * @frames: what takes the tar; it stays the caller's
 * @error: return location
 *
 * Makes a writer of a tar. Names are bytes to it, whatever the locale.
 *
 * Returns: (transfer full) (nullable): a writer, or %NULL with @error set
 */
KslurmTarWriter *
kslurm_tar_writer_new(KslurmFrameWriter *frames, GError **error)
{
  g_autoptr(KslurmTarWriter) tar = g_new0(KslurmTarWriter, 1);

  tar->frames = frames;
  tar->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  tar->archive = archive_write_new();
  tar->entry = archive_entry_new();
  archive_write_set_format_pax(tar->archive);
  archive_write_set_bytes_per_block(tar->archive, 0);
  archive_write_set_bytes_in_last_block(tar->archive, 1);
  if (archive_write_open(tar->archive, tar, NULL, write_block, NULL) != ARCHIVE_OK) {
    set_failed(tar, "tar", error);
    return NULL;
  }
  return g_steal_pointer(&tar);
}

/* whose they are means nothing elsewhere, and a large uid costs each file another header;
 * so do parts of a second, which a .pyc does not compare */
static void
fill_entry(struct archive_entry *entry, const char *path, const struct stat *st)
{
  archive_entry_clear(entry);
  archive_entry_copy_pathname(entry, path);
  archive_entry_set_filetype(entry, st->st_mode & S_IFMT);
  archive_entry_set_perm(entry, st->st_mode & 0777);
  archive_entry_set_mtime(entry, st->st_mtim.tv_sec, 0);
}

/**
 * kslurm_tar_writer_begin: (skip)
 * @tar: a writer
 * @path: the member's name
 * @st: what it is; a regular file's st_size bytes are to be added next
 * @target: (nullable): what a symlink points to; for a regular file the member that it is
 *   a hard link of, and then nothing is to be added
 * @error: return location
 *
 * Begins with the next member.
 *
 * Returns: whether that could be written
 */
gboolean
kslurm_tar_writer_begin(KslurmTarWriter *tar,
                        const char *path,
                        const struct stat *st,
                        const char *target,
                        GError **error)
{
  struct archive_entry *entry = tar->entry;
  locale_t before = (locale_t)0;
  int status = ARCHIVE_OK;

  fill_entry(entry, path, st);
  if (S_ISLNK(st->st_mode))
    archive_entry_copy_symlink(entry, target);
  else if (target != NULL)
    archive_entry_copy_hardlink(entry, target);
  archive_entry_set_size(entry, S_ISREG(st->st_mode) && target == NULL ? st->st_size : 0);
  before = uselocale(tar->locale);
  status = archive_write_header(tar->archive, entry);
  uselocale(before);
  /* a warning says that a name is no UTF-8, and then it is written as it is */
  return status == ARCHIVE_OK || status == ARCHIVE_WARN || set_failed(tar, path, error);
}

/**
 * kslurm_tar_writer_add: (skip)
 * @tar: a writer
 * @data: (array length=length): the next bytes of the member
 * @length: in bytes
 * @error: return location
 *
 * Returns: whether they could be written
 */
gboolean
kslurm_tar_writer_add(KslurmTarWriter *tar, const void *data, gsize length, GError **error)
{
  return archive_write_data(tar->archive, data, length) == (la_ssize_t)length ||
         set_failed(tar, archive_entry_pathname(tar->entry), error);
}

/**
 * kslurm_tar_writer_finish: (skip)
 * @tar: a writer that has all members
 * @error: return location
 *
 * Ends the tar.
 *
 * Returns: whether it is whole
 */
gboolean
kslurm_tar_writer_finish(KslurmTarWriter *tar, GError **error)
{
  return archive_write_close(tar->archive) == ARCHIVE_OK || set_failed(tar, "tar", error);
}

/**
 * kslurm_tar_writer_free: (skip)
 * @tar: (transfer full): a writer
 */
void
kslurm_tar_writer_free(KslurmTarWriter *tar)
{
  /* what is freed before its end is not ended now, but closing it frees all of it */
  tar->is_over = TRUE;
  archive_write_close(tar->archive);
  archive_write_free(tar->archive);
  archive_entry_free(tar->entry);
  if (tar->locale != (locale_t)0)
    freelocale(tar->locale);
  g_clear_error(&tar->error);
  g_free(tar);
}
