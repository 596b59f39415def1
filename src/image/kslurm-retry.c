/* SPDX-License-Identifier: MIT */
#include "image/kslurm-retry.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base/util/kslurm-error.h"

#define MAX_ATTEMPTS 4
#define FIRST_PAUSE 500

static gboolean
read_number(const char *text, guint64 *number)
{
  gsize digits = strspn(text, "0123456789");

  if (digits == 0 || digits > 9)
    return FALSE;
  *number = g_ascii_strtoull(text, NULL, 10);
  return TRUE;
}

/* gives the seconds from now on, or -1 */
static gint64
read_retry_after(const char *text, gint64 now)
{
  g_autoptr(GDateTime) date = NULL;
  guint64 seconds = 0;

  if (text == NULL)
    return -1;
  if (read_number(text, &seconds))
    return (gint64)seconds;
  date = soup_date_time_new_from_http_string(text);
  return date != NULL ? MAX(g_date_time_to_unix(date) - now, 0) : -1;
}

/**
 * kslurm_retry_get_pause: (skip)
 * @retry: what a server said
 * @attempt: how often it was asked, from 1 on
 * @now: seconds since 1970
 *
 * Returns: how many milliseconds to wait before it is asked again; -1 when this answer is
 *   the last
 */
int
kslurm_retry_get_pause(const KslurmRetry *retry, guint attempt, gint64 now)
{
  gboolean broken = retry->status == 500 || (retry->status >= 502 && retry->status <= 504);
  gint64 wait = read_retry_after(retry->retry_after, now);

  if (attempt >= MAX_ATTEMPTS || (retry->status != 429 && !broken) ||
      wait > KSLURM_RETRY_PATIENCE || (wait < 0 && !broken))
    return -1;
  return MAX((int)wait * 1000, FIRST_PAUSE << (attempt - 1));
}

static char *
dup_span(guint64 seconds)
{
  if (seconds >= 3600 && seconds % 3600 == 0)
    return g_strdup_printf(_("%u h"), (guint)(seconds / 3600));
  return g_strdup_printf(_("%u min"), (guint)MAX((seconds + 59) / 60, 1));
}

/* "100;w=21600" */
static gboolean
read_limit(const char *text, guint64 *count, guint64 *window)
{
  const char *w = text != NULL ? strstr(text, ";w=") : NULL;

  *window = 0;
  if (w != NULL && !read_number(w + strlen(";w="), window))
    *window = 0;
  return text != NULL && read_number(text, count);
}

static char *
dup_when(const KslurmRetry *retry, gint64 now)
{
  gint64 wait = read_retry_after(retry->retry_after, now);
  guint64 count = 0, window = 0;
  g_autofree char *span = NULL;

  if (wait > KSLURM_RETRY_PATIENCE) {
    g_autoptr(GDateTime) then = g_date_time_new_from_unix_local(now + wait);
    g_autofree char *clock = then != NULL ? g_date_time_format(then, "%F %H:%M") : NULL;

    if (clock != NULL)
      return g_strdup_printf(_("come back at %s"), clock);
  }
  if ((!read_limit(retry->remaining, &count, &window) || window == 0) &&
      (!read_limit(retry->limit, &count, &window) || window == 0))
    return g_strdup(_("come back later"));
  span = dup_span(window);
  return g_strdup_printf(_("come back within %s"), span);
}

static char *
dup_left(const KslurmRetry *retry)
{
  guint64 limit = 0, left = 0, window = 0;
  g_autofree char *span = NULL;

  if (!read_limit(retry->remaining, &left, &window))
    return g_strdup("");
  if (!read_limit(retry->limit, &limit, &window) || window == 0)
    return g_strdup_printf(_("; pulls left: %u"), (guint)left);
  span = dup_span(window);
  return g_strdup_printf(_("; pulls left: %u of %u in %s"), (guint)left, (guint)limit,
                         span);
}

/**
 * kslurm_retry_set_error: (skip)
 * @retry: what a server said that refuses for now
 * @host: who
 * @words: its own words after ': ', or nothing
 * @now: seconds since 1970
 * @error: return location
 *
 * Says how many pulls are left and when to come back.
 */
void
kslurm_retry_set_error(const KslurmRetry *retry,
                       const char *host,
                       const char *words,
                       gint64 now,
                       GError **error)
{
  g_autofree char *left = dup_left(retry);
  g_autofree char *when = dup_when(retry, now);

  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED,
              _("'%s' was asked too often%s%s; %s, or use 'kapp login %s'"), host, words,
              left, when, host);
}
