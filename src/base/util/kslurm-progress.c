/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-progress.h"

#include "base/util/kslurm-progress-private.h"
#include "base/util/kslurm-text.h"

/**
 * kslurm_progress_new: (skip)
 *
 * Returns: (transfer full): counters of something that has not begun
 */
KslurmProgress *
kslurm_progress_new(void)
{
  KslurmProgress *progress = g_new0(KslurmProgress, 1);

  g_mutex_init(&progress->mutex);
  return progress;
}

/**
 * kslurm_progress_free: (skip)
 * @progress: (transfer full): counters
 */
void
kslurm_progress_free(KslurmProgress *progress)
{
  g_free(progress->label);
  g_clear_pointer(&progress->parts, g_ptr_array_unref);
  g_mutex_clear(&progress->mutex);
  g_free(progress);
}

/**
 * kslurm_progress_begin: (skip)
 * @progress: (nullable): counters
 * @label: what is done, translated: "saving 'x'"
 * @bytes: how many there are, 0 when that is not known
 * @files: how many there are, 0 when that is not known
 *
 * Begins to count something, from nothing.
 */
void
kslurm_progress_begin(KslurmProgress *progress,
                      const char *label,
                      guint64 bytes,
                      guint64 files)
{
  g_autofree char *clean = kslurm_text_clean(label);

  if (progress == NULL)
    return;
  g_strdelimit(clean, "\n\t", ' ');
  g_mutex_lock(&progress->mutex);
  g_free(progress->label);
  progress->label = g_steal_pointer(&clean);
  progress->all_bytes = bytes;
  progress->all_files = files;
  progress->begun_us = g_get_monotonic_time();
  __atomic_store_n(&progress->bytes, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&progress->files, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&progress->kept, 0, __ATOMIC_RELAXED);
  g_mutex_unlock(&progress->mutex);
}

/**
 * kslurm_progress_add: (skip)
 * @progress: (nullable): counters
 * @bytes: how many more are done
 * @files: how many more are done
 *
 * Counts, from any thread and without a lock. What turned out to be wrong is taken back by
 * adding a negative number.
 */
void
kslurm_progress_add(KslurmProgress *progress, guint64 bytes, guint64 files)
{
  if (progress == NULL)
    return;
  __atomic_fetch_add(&progress->bytes, bytes, __ATOMIC_RELAXED);
  __atomic_fetch_add(&progress->files, files, __ATOMIC_RELAXED);
}

/**
 * kslurm_progress_keep: (skip)
 * @progress: (nullable): counters
 * @bytes: how many of those that are done were done by an earlier run
 *
 * Counts no bytes, but takes some out of the rate; to give them back, add a negative
 * number.
 */
void
kslurm_progress_keep(KslurmProgress *progress, guint64 bytes)
{
  if (progress == NULL)
    return;
  __atomic_fetch_add(&progress->kept, bytes, __ATOMIC_RELAXED);
}

/**
 * kslurm_progress_end: (skip)
 * @progress: (nullable): counters
 *
 * Ends what was begun: nothing is drawn any more.
 */
void
kslurm_progress_end(KslurmProgress *progress)
{
  if (progress == NULL)
    return;
  g_mutex_lock(&progress->mutex);
  g_clear_pointer(&progress->label, g_free);
  g_mutex_unlock(&progress->mutex);
}
