/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/util/kslurm-progress-private.h"

/**
 * kslurm_progress_add_part: (skip)
 * @progress: (nullable): counters of a whole
 * @part: counters of a part of it, drawn above the whole while it has begun
 *
 * A part counts for itself: what it does is added to both. It must live until the parts are
 * dropped.
 */
void
kslurm_progress_add_part(KslurmProgress *progress, KslurmProgress *part)
{
  if (progress == NULL)
    return;
  g_mutex_lock(&progress->mutex);
  if (progress->parts == NULL)
    progress->parts = g_ptr_array_new();
  g_ptr_array_add(progress->parts, part);
  g_mutex_unlock(&progress->mutex);
}

/**
 * kslurm_progress_drop_parts: (skip)
 * @progress: (nullable): counters of a whole
 *
 * The whole has no parts any more.
 */
void
kslurm_progress_drop_parts(KslurmProgress *progress)
{
  if (progress == NULL)
    return;
  g_mutex_lock(&progress->mutex);
  g_clear_pointer(&progress->parts, g_ptr_array_unref);
  g_mutex_unlock(&progress->mutex);
}

/**
 * kslurm_progress_to_lines: (skip)
 * @progress: counters
 * @now_us: the monotonic time
 * @columns: how wide a line may be
 * @rows: how many lines there may be
 *
 * Returns: (transfer full) (nullable) (element-type utf8): a line for each part that has
 *   begun, and then one of the whole; %NULL when nothing is to be drawn
 */
GPtrArray *
kslurm_progress_to_lines(KslurmProgress *progress, gint64 now_us, int columns, int rows)
{
  g_autofree char *whole = kslurm_progress_to_text(progress, now_us, columns);
  GPtrArray *lines = NULL;

  if (whole == NULL)
    return NULL;
  lines = g_ptr_array_new_with_free_func(g_free);
  g_mutex_lock(&progress->mutex);
  for (guint i = 0; progress->parts != NULL && i < progress->parts->len; i++) {
    char *line = kslurm_progress_to_text(progress->parts->pdata[i], now_us, columns);

    if (line != NULL && (int)lines->len < rows - 1)
      g_ptr_array_add(lines, g_steal_pointer(&line));
    g_free(line);
  }
  g_mutex_unlock(&progress->mutex);
  g_ptr_array_add(lines, g_steal_pointer(&whole));
  return lines;
}

/**
 * kslurm_progress_set_log: (skip)
 * @progress: (nullable): counters
 * @interval_us: how often a line is due where there is no terminal; 0: never
 */
void
kslurm_progress_set_log(KslurmProgress *progress, gint64 interval_us)
{
  if (progress == NULL)
    return;
  g_mutex_lock(&progress->mutex);
  progress->log_us = interval_us;
  g_mutex_unlock(&progress->mutex);
}

/**
 * kslurm_progress_is_log_due: (skip)
 * @progress: counters
 * @since_us: how long ago the last line was, or the begin
 *
 * Returns: whether a log is to have a line now
 */
gboolean
kslurm_progress_is_log_due(KslurmProgress *progress, gint64 since_us)
{
  gint64 interval_us = 0;

  g_mutex_lock(&progress->mutex);
  interval_us = progress->log_us;
  g_mutex_unlock(&progress->mutex);
  return interval_us > 0 && since_us >= interval_us;
}

/**
 * kslurm_progress_to_note: (skip)
 * @progress: counters
 *
 * Returns: (transfer full): what another process needs to show the same: numbers, as it may
 *   speak another language
 */
char *
kslurm_progress_to_note(KslurmProgress *progress)
{
  char *note = NULL;

  g_mutex_lock(&progress->mutex);
  note = g_strdup_printf("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                         __atomic_load_n(&progress->bytes, __ATOMIC_RELAXED),
                         progress->all_bytes);
  g_mutex_unlock(&progress->mutex);
  return note;
}

/**
 * kslurm_progress_read_note: (skip)
 * @note: what another process wrote
 * @bytes: (out): how many are done
 * @all: (out): how many there are, 0 when that is not known
 *
 * Returns: whether it is one
 */
gboolean
kslurm_progress_read_note(const char *note, guint64 *bytes, guint64 *all)
{
  g_auto(GStrv) words = g_strsplit(note, " ", -1);

  return g_strv_length(words) == 2 &&
         g_ascii_string_to_unsigned(words[0], 10, 0, G_MAXUINT64, bytes, NULL) &&
         g_ascii_string_to_unsigned(words[1], 10, 0, G_MAXUINT64, all, NULL);
}

/**
 * kslurm_progress_follow: (skip)
 * @progress: (nullable): counters that have begun, and that nobody else adds to
 * @note: what another process wrote
 *
 * Shows how far the other is; what is no note changes nothing.
 */
void
kslurm_progress_follow(KslurmProgress *progress, const char *note)
{
  guint64 bytes = 0, all = 0;

  if (progress == NULL || !kslurm_progress_read_note(note, &bytes, &all))
    return;
  g_mutex_lock(&progress->mutex);
  progress->all_bytes = all;
  __atomic_store_n(&progress->bytes, bytes, __ATOMIC_RELAXED);
  g_mutex_unlock(&progress->mutex);
}
