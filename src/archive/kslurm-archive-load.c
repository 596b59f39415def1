/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-archive.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>

#include "archive/kslurm-archive-locale.h"
#include "archive/kslurm-archive-source.h"
#include "archive/kslurm-frames.h"
#include "archive/kslurm-tree-unpack.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-tree.h"
#include "base/venv/kslurm-venv-facts.h"

static gboolean
is_empty(const char *path, GError **error)
{
  g_autoptr(GDir) folder = g_dir_open(path, 0, error);

  if (folder == NULL)
    return FALSE;
  if (g_dir_read_name(folder) == NULL)
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS, _("the folder '%s' is not empty"),
              path);
  return FALSE;
}

static void
empty_folder(const char *path)
{
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *child = g_build_filename(path, name, NULL);

    kslurm_tree_remove(child, NULL);
  }
}

static void
begin_progress(int fd, const char *path, KslurmProgress *progress)
{
  gsize length = 0;
  g_autofree char *json = NULL;
  g_autofree char *name = g_path_get_basename(path);
  g_autofree char *label = NULL;
  char *suffix = NULL;
  g_autoptr(KslurmVenvFacts) facts = NULL;

  if (progress == NULL)
    return;
  /* '.tar.zst' is no part of the environment's name */
  suffix = g_strrstr(name, ".tar");
  if (suffix != NULL)
    *suffix = '\0';
  label = g_strdup_printf(_("loading '%s'"), name);
  json = kslurm_frames_read_facts(fd, &length, NULL);
  if (json != NULL)
    facts = kslurm_venv_facts_from_json(json, (gssize)length, NULL);
  kslurm_progress_begin(progress, label, facts != NULL ? facts->bytes : 0,
                        facts != NULL ? facts->files : 0);
}

static gboolean
load(int fd,
     const char *prefix,
     guint workers,
     KslurmProgress *progress,
     GCancellable *cancellable,
     GError **error)
{
  g_auto(KslurmArchiveLocale) locale = kslurm_archive_locale_enter();
  g_autoptr(KslurmArchiveSource) source =
      kslurm_archive_source_new(fd, workers, cancellable, error);
  g_autoptr(KslurmTreeUnpack) unpack = NULL;

  if (source != NULL)
    unpack = kslurm_tree_unpack_new(source, prefix, workers, progress, cancellable, error);
  return unpack != NULL && kslurm_tree_unpack_run(unpack, error);
}

/**
 * kslurm_archive_load: (skip)
 * @path: an archive: ours, or any tar that libarchive can decompress
 * @prefix: an existing empty folder
 * @workers: how many threads decode and how many create files
 * @progress: (nullable): where files and bytes are counted
 * @cancellable: (nullable): ends the loading
 * @error: return location
 *
 * Unpacks an archive into a folder, and nowhere else, whatever it says. Modes, times,
 * symlinks and hard links are as they were saved; other bits of modes, owners, and devices
 * are never made. When it fails the folder is empty again.
 *
 * Returns: whether the whole tree is there
 */
gboolean
kslurm_archive_load(const char *path,
                    const char *prefix,
                    guint workers,
                    KslurmProgress *progress,
                    GCancellable *cancellable,
                    GError **error)
{
  kslurm_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean ok = FALSE;

  if (fd < 0)
    return kslurm_set_errno(error, errno, _("cannot open the archive '%s'"), path);
  if (!is_empty(prefix, error))
    return FALSE;
  begin_progress(fd, path, progress);
  ok = load(fd, prefix, workers, progress, cancellable, error);
  if (progress != NULL)
    kslurm_progress_end(progress);
  if (!ok) {
    g_prefix_error(error, _("archive '%s': "), path);
    empty_folder(prefix);
  }
  return ok;
}
