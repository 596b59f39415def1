/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-progress-private.h"

#define WIDEST_BAR 30
#define SLIMMEST_BAR 8
#define SETTLED_US G_USEC_PER_SEC /* before which a rate is a guess */

/* one moment of it */
typedef struct {
  char *label;
  guint64 all_bytes, all_files, bytes, files, kept;
  gint64 elapsed_us;
} Moment;

static void
moment_clear(Moment *moment)
{
  g_free(moment->label);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Moment, moment_clear)

static gboolean
take_moment(KslurmProgress *progress, gint64 now_us, Moment *moment)
{
  g_mutex_lock(&progress->mutex);
  moment->label = g_strdup(progress->label);
  moment->all_bytes = progress->all_bytes;
  moment->all_files = progress->all_files;
  moment->elapsed_us = MAX(now_us - progress->begun_us, 0);
  moment->bytes = __atomic_load_n(&progress->bytes, __ATOMIC_RELAXED);
  moment->files = __atomic_load_n(&progress->files, __ATOMIC_RELAXED);
  moment->kept = __atomic_load_n(&progress->kept, __ATOMIC_RELAXED);
  moment->kept = MIN(moment->kept, moment->bytes);
  g_mutex_unlock(&progress->mutex);
  return moment->label != NULL;
}

/* of what was done before is no rate known */
static double
get_gained_share(const Moment *moment, double share)
{
  if (moment->all_bytes == 0)
    return share;
  return share - (double)moment->kept / (double)moment->all_bytes;
}

static double
get_share(const Moment *moment)
{
  double share = -1;

  if (moment->all_bytes > 0)
    share = (double)moment->bytes / (double)moment->all_bytes;
  else if (moment->all_files > 0)
    share = (double)moment->files / (double)moment->all_files;
  return MIN(share, 1);
}

static char *
dup_size(guint64 bytes)
{
  g_autofree char *size = g_format_size(bytes);
  g_auto(GStrv) parts = g_strsplit(size, "\302\240", -1);

  return g_strjoinv(" ", parts);
}

static char *
dup_bytes(const Moment *moment)
{
  g_autofree char *done = dup_size(moment->bytes);
  g_autofree char *all = dup_size(moment->all_bytes);

  return moment->all_bytes > 0 ? g_strdup_printf(_("%s of %s"), done, all)
                               : g_steal_pointer(&done);
}

static char *
dup_files(const Moment *moment)
{
  g_autofree char *done = g_strdup_printf("%" G_GUINT64_FORMAT, moment->files);
  g_autofree char *all = g_strdup_printf("%" G_GUINT64_FORMAT, moment->all_files);

  return moment->all_files > 0 ? g_strdup_printf(_("%s of %s files"), done, all)
                               : g_strdup_printf(_("%s files"), done);
}

static char *
dup_left(const Moment *moment, double share, double gained)
{
  double seconds = (double)moment->elapsed_us / G_USEC_PER_SEC * (1 - share) / gained;
  guint left = (guint)MIN(seconds + 0.5, 359999);

  return left < 3600
             ? g_strdup_printf(_("%u:%02u left"), left / 60, left % 60)
             : g_strdup_printf(_("%u h %02u min left"), left / 3600, left % 3600 / 60);
}

/* the most telling first: a narrow terminal loses the others */
static GPtrArray *
list_numbers(const Moment *moment, double share)
{
  GPtrArray *numbers = g_ptr_array_new_with_free_func(g_free);
  gboolean settled = moment->elapsed_us >= SETTLED_US;
  double gained = get_gained_share(moment, share);

  if (moment->bytes > 0 || moment->all_bytes > 0)
    g_ptr_array_add(numbers, dup_bytes(moment));
  if (settled && share > 0 && gained > 0)
    g_ptr_array_add(numbers, dup_left(moment, share, gained));
  if (moment->files > 0 || moment->all_files > 0)
    g_ptr_array_add(numbers, dup_files(moment));
  if (settled && moment->bytes > moment->kept) {
    double seconds = (double)moment->elapsed_us / G_USEC_PER_SEC;
    double bytes = (double)(moment->bytes - moment->kept);
    g_autofree char *rate = dup_size((guint64)(bytes / seconds));

    g_ptr_array_add(numbers, g_strdup_printf(_("%s/s"), rate));
  }
  return numbers;
}

static void
append_bar(GString *line, double share, int room)
{
  int width = MIN(room - 2, WIDEST_BAR);
  int full = (int)(share * width);

  if (width < SLIMMEST_BAR)
    return;
  g_string_append(line, "  [");
  for (int i = 0; i < width; i++)
    g_string_append_c(line, i < full ? '=' : i == full ? '>' : ' ');
  g_string_append_c(line, ']');
}

static int
width_of(const char *text)
{
  return (int)g_utf8_strlen(text, -1);
}

/**
 * kslurm_progress_to_text: (skip)
 * @progress: counters
 * @now_us: the monotonic time
 * @columns: how wide the line may be
 *
 * Returns: (transfer full) (nullable): a line that shows how far it is: label, bar, bytes,
 *   time left, files, rate; %NULL when nothing is to be drawn
 */
char *
kslurm_progress_to_text(KslurmProgress *progress, gint64 now_us, int columns)
{
  g_auto(Moment) moment = {0};
  g_autoptr(GPtrArray) numbers = NULL;
  g_autofree char *cut = NULL;
  GString *line = g_string_new(NULL);
  double share = 0;
  int tail = 0;

  if (!take_moment(progress, now_us, &moment)) {
    g_string_free(line, TRUE);
    return NULL;
  }
  share = get_share(&moment);
  numbers = list_numbers(&moment, share);
  cut = g_utf8_substring(moment.label, 0, MIN(width_of(moment.label), MAX(columns, 0)));
  g_string_append(line, cut);
  for (guint i = 0; i < numbers->len; i++) {
    tail += 2 + width_of(numbers->pdata[i]);
    if (width_of(cut) + tail > columns) {
      tail -= 2 + width_of(numbers->pdata[i]);
      g_ptr_array_set_size(numbers, (int)i);
    }
  }
  if (share >= 0)
    append_bar(line, share, columns - width_of(cut) - tail - 2);
  for (guint i = 0; i < numbers->len; i++)
    g_string_append_printf(line, "  %s", (char *)numbers->pdata[i]);
  return g_string_free(line, FALSE);
}

/**
 * kslurm_progress_to_plain: (skip)
 * @progress: counters
 * @now_us: the monotonic time
 *
 * Returns: (transfer full) (nullable): a line for a log, without a bar; %NULL when nothing
 *   is to be said
 */
char *
kslurm_progress_to_plain(KslurmProgress *progress, gint64 now_us)
{
  g_auto(Moment) moment = {0};
  g_autoptr(GPtrArray) numbers = NULL;

  if (!take_moment(progress, now_us, &moment))
    return NULL;
  numbers = list_numbers(&moment, get_share(&moment));
  g_ptr_array_insert(numbers, 0, g_strdup(moment.label));
  g_ptr_array_add(numbers, NULL);
  return g_strjoinv("  ", (char **)numbers->pdata);
}
