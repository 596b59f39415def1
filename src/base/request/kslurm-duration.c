/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-duration.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"

/* Slurm keeps minutes in 32 bits; ten years are more than any partition allows */
#define LIMIT (3660 * G_GUINT64_CONSTANT(86400))

/* reads digits into @value, which stays small enough to be multiplied */
static gsize
take_number(const char **text, guint64 *value)
{
  gsize digits = 0;

  *value = 0;
  for (; g_ascii_isdigit((*text)[digits]); digits++)
    *value = MIN(*value * 10 + (guint64)((*text)[digits] - '0'), 1000000000);
  *text += digits;
  return digits;
}

/* H:MM, H:MM:SS, with two digits after each colon */
static gboolean
take_clock(const char **text, guint64 *seconds)
{
  guint64 hours = 0, minutes = 0, rest = 0;

  if (take_number(text, &hours) == 0 || **text != ':')
    return FALSE;
  (*text)++;
  if (take_number(text, &minutes) != 2)
    return FALSE;
  if (**text == ':') {
    (*text)++;
    if (take_number(text, &rest) != 2)
      return FALSE;
  }
  *seconds = hours * 3600 + minutes * 60 + rest;
  return **text == '\0';
}

/* D-HH, D-HH:MM, D-HH:MM:SS */
static gboolean
take_days(const char *text, guint64 *seconds)
{
  guint64 days = 0, hours = 0;
  const char *clock = NULL;

  if (take_number(&text, &days) == 0 || *text++ != '-')
    return FALSE;
  clock = text;
  if (!take_clock(&clock, seconds)) {
    if (take_number(&text, &hours) == 0 || *text != '\0')
      return FALSE;
    *seconds = hours * 3600;
  }
  *seconds += days * 86400;
  return TRUE;
}

static gboolean
take_unit(const char **text, const char *unit)
{
  if (!g_str_has_prefix(*text, unit))
    return FALSE;
  *text += strlen(unit);
  return TRUE;
}

/* 2d, 1d12h, 3h, 1h30, 1h30m, 90min; minutes may be bare, or say 'm', only behind hours */
static gboolean
take_units(const char *text, guint64 *seconds)
{
  guint64 value = 0;
  gsize digits = take_number(&text, &value);
  gboolean days = FALSE, hours = FALSE, minutes = FALSE;

  *seconds = 0;
  if (digits > 0 && (days = take_unit(&text, "d"))) {
    *seconds += value * 86400;
    digits = take_number(&text, &value);
  }
  if (digits > 0 && (hours = take_unit(&text, "h"))) {
    *seconds += value * 3600;
    digits = take_number(&text, &value);
  }
  if (digits > 0) {
    minutes =
        take_unit(&text, "min") || (hours && (take_unit(&text, "m") || *text == '\0'));
    *seconds += value * 60;
  }
  return (days || hours || minutes) && (digits == 0 || minutes) && *text == '\0';
}

static gboolean
looks_like_time(const char *text)
{
  const char *digits = text + strspn(text, "+");

  return g_ascii_isdigit(digits[0]) && strchr(digits, ':') != NULL &&
         digits[strspn(digits, "0123456789:.-hms")] == '\0';
}

/**
 * kslurm_duration_parse:
 * @text: a word
 * @seconds: (out): the time in seconds, above zero; 0 when @text is no time
 * @error: return location
 *
 * Reads a time as people write it: '3:00' is three hours, '1-12' is a day and a half,
 * '90min', '1d12h'. A word that looks like a time and is none is an error, as no program
 * has such a name.
 *
 * Returns: what @text is; with %KSLURM_PARSE_ERROR the error is %KSLURM_ERROR_USAGE
 */
KslurmParse
kslurm_duration_parse(const char *text, guint64 *seconds, GError **error)
{
  const char *clock = text;
  guint64 read = 0;

  g_return_val_if_fail(text != NULL && seconds != NULL, KSLURM_PARSE_NO);
  *seconds = 0;
  if (!take_clock(&clock, &read) && !take_days(text, &read) && !take_units(text, &read)) {
    if (!looks_like_time(text))
      return KSLURM_PARSE_NO;
    kslurm_set_usage(
        error, _("'%s' is no time; write hours and minutes as '3:00', or '90min'"), text);
    return KSLURM_PARSE_ERROR;
  }
  if (read > 0 && read <= LIMIT) {
    *seconds = read;
    return KSLURM_PARSE_YES;
  }
  if (read == 0)
    kslurm_set_usage(error, _("'%s' is no time at all; Slurm would read it as 'no limit'"),
                     text);
  else
    kslurm_set_usage(error, _("'%s' is more than ten years"), text);
  return KSLURM_PARSE_ERROR;
}

/**
 * kslurm_duration_parse_slurm:
 * @text: the value of Slurm's '--time'
 * @seconds: (out): the time in seconds; 0 when @text is no such time
 *
 * Reads a time as Slurm does, where '3:00' is three minutes.
 *
 * Returns: whether @text is such a time; 'UNLIMITED' is none
 */
gboolean
kslurm_duration_parse_slurm(const char *text, guint64 *seconds)
{
  static const guint64 by_colons[] = {60, 60, 3600};
  guint64 parts[3] = {0, 0, 0}, days = 0;
  guint n = 0;

  g_return_val_if_fail(text != NULL && seconds != NULL, FALSE);
  *seconds = 0;
  if (strchr(text, '-') != NULL && (take_number(&text, &days) == 0 || *text++ != '-'))
    return FALSE;
  for (n = 0; n < 3; n++) {
    if (take_number(&text, &parts[n]) == 0)
      return FALSE;
    if (*text != ':')
      break;
    text++;
  }
  if (*text != '\0' || n > 2)
    return FALSE;
  *seconds = days * 86400;
  for (guint i = 0, unit = days > 0 ? 3600 : (guint)by_colons[n]; i <= n; i++, unit /= 60)
    *seconds += parts[i] * unit;
  return TRUE;
}

/**
 * kslurm_duration_to_slurm:
 * @seconds: a time in seconds
 *
 * Writes a time so that Slurm's '--time' reads the same.
 *
 * Returns: (transfer full): the time as Slurm writes it: '03:00:00', '2-00:00:00'
 */
char *
kslurm_duration_to_slurm(guint64 seconds)
{
  g_autofree char *clock =
      g_strdup_printf("%02u:%02u:%02u", (guint)(seconds / 3600 % 24),
                      (guint)(seconds / 60 % 60), (guint)(seconds % 60));

  if (seconds < 86400)
    return g_steal_pointer(&clock);
  return g_strdup_printf("%u-%s", (guint)(seconds / 86400), clock);
}

/**
 * kslurm_duration_to_words:
 * @seconds: a time in seconds
 *
 * Writes a time for people.
 *
 * Returns: (transfer full): the time for people, in the user's language: '3 h 00 min',
 *   '2 d', '10 min'
 */
char *
kslurm_duration_to_words(guint64 seconds)
{
  guint values[] = {(guint)(seconds / 86400), (guint)(seconds / 3600 % 24),
                    (guint)(seconds / 60 % 60), (guint)(seconds % 60)};
  /* Translators: units of time: days, hours, minutes, seconds */
  const char *units[] = {_("d"), _("h"), _("min"), _("s")};
  gboolean shown[] = {values[0] > 0, values[1] > 0, values[2] > 0 || values[1] > 0,
                      values[3] > 0 || seconds == 0};
  GString *words = g_string_new(NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
    if (!shown[i])
      continue;
    g_string_append_printf(words, words->len > 0 && i == 2 ? "%s%02u %s" : "%s%u %s",
                           words->len > 0 ? " " : "", values[i], units[i]);
  }
  return g_string_free(words, FALSE);
}
