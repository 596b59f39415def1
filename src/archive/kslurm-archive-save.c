/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "archive/kslurm-archive.h"
#include "archive/kslurm-frame-writer.h"
#include "archive/kslurm-frames.h"
#include "archive/kslurm-members.h"
#include "archive/kslurm-tar-writer.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-partial.h"

/* many short names may be too much for the head: then who loads searches again */
static GBytes *
make_head(KslurmVenvFacts *facts, GError **error)
{
  g_autofree char *json = kslurm_venv_facts_to_json(facts);
  GBytes *head = kslurm_frames_encode_head(json, strlen(json), facts->created);

  if (head == NULL && facts->hits != NULL) {
    g_clear_pointer(&facts->hits, g_strfreev);
    return make_head(facts, error);
  }
  if (head == NULL)
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                        _("the environment has too many packages to be saved"));
  return head;
}

static gboolean
write_archive(const char *prefix,
              KslurmVenvFacts *facts,
              KslurmFrameWriter *frames,
              KslurmProgress *progress,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr(KslurmTarWriter) tar = kslurm_tar_writer_new(frames, error);
  g_autoptr(GBytes) head = NULL;

  if (tar == NULL ||
      !kslurm_members_write(prefix, facts, frames, tar, progress, cancellable, error) ||
      !kslurm_tar_writer_finish(tar, error))
    return FALSE;
  head = make_head(facts, error);
  return head != NULL && kslurm_frame_writer_finish(frames, head, error);
}

static void
begin_progress(const char *prefix,
               const char *name,
               KslurmProgress *progress,
               GCancellable *cancellable)
{
  g_autofree char *label = g_strdup_printf(_("saving '%s'"), name);
  guint64 bytes = 0, files = 0;

  if (progress == NULL)
    return;
  kslurm_progress_begin(progress, label, 0, 0);
  if (kslurm_members_count(prefix, cancellable, &bytes, &files))
    kslurm_progress_begin(progress, label, bytes, files);
}

/**
 * kslurm_archive_save: (skip)
 * @prefix: the folder of an environment
 * @facts: what is known about it; bytes, files and hits are filled in
 * @path: of the archive
 * @replace: whether it may take the place of another
 * @workers: how many threads may compress
 * @progress: (nullable): what counts bytes and files
 * @cancellable: (nullable): to give up
 * @error: return location
 *
 * Packs an environment. The archive appears whole and on the disk, or not at all:
 * %KSLURM_ERROR_EXISTS when there is one and @replace is not set.
 *
 * Returns: whether the archive is there
 */
gboolean
kslurm_archive_save(const char *prefix,
                    KslurmVenvFacts *facts,
                    const char *path,
                    gboolean replace,
                    guint workers,
                    KslurmProgress *progress,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr(KslurmPartial) partial = NULL;
  g_autoptr(KslurmFrameWriter) frames = NULL;
  gboolean done = FALSE;

  if (!replace && g_file_test(path, G_FILE_TEST_EXISTS))
    return kslurm_partial_set_exists(error, path);
  partial = kslurm_partial_new(path, 0666, error);
  if (partial == NULL)
    return FALSE;
  begin_progress(prefix, facts->name != NULL ? facts->name : prefix, progress, cancellable);
  frames = kslurm_frame_writer_new(kslurm_partial_get_fd(partial), path, workers);
  done = write_archive(prefix, facts, frames, progress, cancellable, error) &&
         !g_cancellable_set_error_if_cancelled(cancellable, error) &&
         kslurm_partial_publish(partial, replace, error);
  kslurm_progress_end(progress);
  return done;
}
