/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-when.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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
  g_autoptr(GTimeZone) zone = g_time_zone_new_local();
  g_autofree char *stamp = NULL;

  if (mark == NULL)
    return NULL;
  stamp = g_strndup(mark + strlen(" to start at "), strlen("2026-11-23T06:26:44"));
  return g_date_time_new_from_iso8601(stamp, zone);
}

static char *
dup_distance(gint64 minutes)
{
  if (minutes < 60)
    return g_strdup_printf(_("in %d min"), (int)minutes);
  if (minutes < 48 * 60)
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

  if (minutes < 1)
    return g_strdup(_("now"));
  if (days == 0)
    return g_strdup_printf(_("today at %s (%s)"), clock, distance);
  if (days == 1)
    return g_strdup_printf(_("tomorrow at %s (%s)"), clock, distance);
  return g_strdup_printf(_("on %s at %s (%s)"), date, clock, distance);
}
