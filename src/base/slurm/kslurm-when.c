/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-when.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static GDateTime *
parse_stamp(const char *text)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local();
  g_autofree char *stamp = g_strndup(text, strlen("2026-11-23T06:26:44"));

  return g_date_time_new_from_iso8601(stamp, zone);
}

/**
 * kslurm_when_parse_estimate: (skip)
 * @text: what 'sbatch --test-only' wrote
 *
 * Returns: (transfer full) (nullable): when the job would start
 */
GDateTime *
kslurm_when_parse_estimate(const char *text)
{
  const char *mark = strstr(text, " to start at ");

  return mark != NULL ? parse_stamp(mark + strlen(" to start at ")) : NULL;
}

static char *
dup_distance(gint64 minutes)
{
  if (minutes < 60)
    return g_strdup_printf(_("in %d min"), (int)minutes);
  if (minutes + 30 < 48 * 60)
    return g_strdup_printf(_("in %d h"), (int)((minutes + 30) / 60));
  return g_strdup_printf(_("in %d d"), (int)((minutes + 720) / 1440));
}

static gint64
day_number(GDateTime *time)
{
  int year = 0, month = 0, day = 0;
  GDate date;

  g_date_time_get_ymd(time, &year, &month, &day);
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  return g_date_get_julian(&date);
}

/**
 * kslurm_when_is_now: (skip)
 * @start: a moment
 * @now: the present
 *
 * Returns: whether @start is less than a minute away, or past
 */
gboolean
kslurm_when_is_now(GDateTime *start, GDateTime *now)
{
  return g_date_time_difference(start, now) < G_TIME_SPAN_MINUTE;
}

/**
 * kslurm_when_to_words: (skip)
 * @start: a moment, in local time
 * @now: the present, in local time
 *
 * Returns: (transfer full): 'now', 'tomorrow at 07:10 (in 9 h)', 'on 2026-12-01 at 08:00
 * (in 7 d)'
 */
char *
kslurm_when_to_words(GDateTime *start, GDateTime *now)
{
  gint64 minutes = g_date_time_difference(start, now) / G_TIME_SPAN_MINUTE;
  gint64 days = day_number(start) - day_number(now);
  g_autofree char *distance = dup_distance(minutes);
  g_autofree char *clock = g_date_time_format(start, "%H:%M");
  g_autofree char *date = g_date_time_format(start, "%Y-%m-%d");

  if (kslurm_when_is_now(start, now))
    return g_strdup(_("now"));
  if (days == 0)
    return g_strdup_printf(_("today at %s (%s)"), clock, distance);
  if (days == 1)
    return g_strdup_printf(_("tomorrow at %s (%s)"), clock, distance);
  return g_strdup_printf(_("on %s at %s (%s)"), date, clock, distance);
}

static char *
row_to_words(char **cells, const char *job, GDateTime *now)
{
  const char *reason = cells[1];
  g_autoptr(GDateTime) start = parse_stamp(cells[2]);

  if (g_str_equal(reason, "JobHeldUser"))
    return g_strdup_printf(_("once you release it: scontrol release %s"), job);
  if (g_str_equal(reason, "JobHeldAdmin"))
    return g_strdup(_("once an administrator releases it"));
  if (g_str_equal(reason, "Dependency"))
    return g_strdup(_("once the jobs that it waits for have ended"));
  return start != NULL ? kslurm_when_to_words(start, now) : NULL;
}

/**
 * kslurm_when_queue_to_words: (skip)
 * @rows: what 'squeue -h -o "%T|%r|%S"' wrote about one job: a row for each part of an
 *   array
 * @job: its id
 * @now: the present, in local time
 *
 * Returns: (transfer full) (nullable): its start, or what it waits for, in words; 'now'
 *   when any of it runs or it has ended; %NULL when Slurm does not know
 */
char *
kslurm_when_queue_to_words(const char *rows, const char *job, GDateTime *now)
{
  g_auto(GStrv) lines = g_strsplit(rows, "\n", -1);
  g_autofree char *words = NULL;
  gboolean waits = FALSE;

  for (gsize i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
    g_auto(GStrv) cells = g_strsplit(lines[i], "|", 3);

    if (g_strv_length(cells) < 3)
      return NULL;
    if (!g_str_equal(cells[0], "PENDING"))
      return g_strdup(_("now"));
    if (words == NULL)
      words = row_to_words(cells, job, now);
    waits = TRUE;
  }
  return waits ? g_steal_pointer(&words) : g_strdup(_("now"));
}
