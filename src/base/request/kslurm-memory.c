/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-memory.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"

/* Slurm counts megabytes in 63 bits; an exabyte is enough and cannot overflow below */
#define LIMIT G_GUINT64_CONSTANT(1000000000000)

static const char units[] = "kmgt";

/* the unit's size in thousandths of one of Slurm's megabytes, for 'K' is less than one */
static guint64
unit_size(char unit, gboolean binary)
{
  guint64 step = binary ? 1024 : 1000;

  switch (g_ascii_tolower(unit)) {
  case 'k':
    return 1;
  case 'm':
    return step;
  case 'g':
    return step * step;
  default:
    return step * step * step;
  }
}

/* DIGITS UNIT [i] [B] [/cpu] */
static gboolean
take_shape(const char *text, gsize digits, gboolean *binary, gboolean *per_cpu)
{
  const char *p = text + digits;

  if (digits == 0 || *p == '\0' || strchr(units, g_ascii_tolower(*p)) == NULL)
    return FALSE;
  p++;
  *binary = g_ascii_tolower(*p) == 'i';
  p += *binary ? 1 : 0;
  p += g_ascii_tolower(*p) == 'b' ? 1 : 0;
  *per_cpu = g_str_equal(p, "/cpu");
  return *per_cpu || *p == '\0';
}

/**
 * kslurm_memory_parse:
 * @text: a word
 * @megabytes: (out): the memory in Slurm's megabytes, above zero
 * @per_cpu: (out): whether it is meant for each cpu
 * @error: return location
 *
 * Reads an amount of memory: '4G', '500MB', '4GiB', '4G/cpu'. 'G' is 1000 of Slurm's
 * megabytes, 'Gi' is 1024: a node of 128000 MB is asked for as '128G'. '90m' could be
 * minutes and is an error.
 *
 * Returns: what @text is
 */
KslurmParse
kslurm_memory_parse(const char *text, guint64 *megabytes, gboolean *per_cpu, GError **error)
{
  gsize digits = strspn(text, "0123456789");
  guint64 number = g_ascii_strtoull(text, NULL, 10), size = 0;
  gboolean binary = FALSE;

  if (!take_shape(text, digits, &binary, per_cpu))
    return KSLURM_PARSE_NO;
  if (text[digits] == 'm' && text[digits + 1] == '\0') {
    kslurm_set_usage(
        error,
        _("'%s' could be %.*s minutes or %.*s megabytes; write '%.*smin' or '%.*sM'"), text,
        (int)digits, text, (int)digits, text, (int)digits, text, (int)digits, text);
    return KSLURM_PARSE_ERROR;
  }
  size = unit_size(text[digits], binary);
  if (number == 0 || digits > 18 || number > LIMIT * 1000 / size) {
    kslurm_set_usage(error,
                     number == 0
                         ? _("'%s' is no memory at all; Slurm would give all of a node's")
                         : _("'%s' is more memory than Slurm can count"),
                     text);
    return KSLURM_PARSE_ERROR;
  }
  *megabytes = MAX(number * size / (binary ? 1024 : 1000), 1);
  return KSLURM_PARSE_YES;
}

/**
 * kslurm_memory_parse_slurm:
 * @text: the value of Slurm's '--mem'
 * @megabytes: (out): the memory in Slurm's megabytes; 0 is all of a node's
 *
 * Reads memory as Slurm does, where '4G' is 4096 megabytes, no unit is megabytes and a
 * part of a megabyte is a whole one.
 *
 * Returns: whether @text is such a value
 */
gboolean
kslurm_memory_parse_slurm(const char *text, guint64 *megabytes)
{
  gsize digits = strspn(text, "0123456789");
  guint64 number = g_ascii_strtoull(text, NULL, 10), size = 0;
  char unit = text[digits] != '\0' ? text[digits] : 'M';

  if (digits == 0 || digits > 12 || strchr(units, g_ascii_tolower(unit)) == NULL ||
      (text[digits] != '\0' && text[digits + 1] != '\0' &&
       g_ascii_strcasecmp(text + digits + 1, "b") != 0))
    return FALSE;
  size = unit_size(unit, TRUE);
  if (number > LIMIT * 1024 / size)
    return FALSE;
  *megabytes = (number * size + 1023) / 1024;
  return TRUE;
}

/**
 * kslurm_memory_to_words:
 * @megabytes: memory in Slurm's megabytes
 *
 * Returns: (transfer full): the memory for people: '15 GB', '4 GiB', '500 MB'
 */
char *
kslurm_memory_to_words(guint64 megabytes)
{
  /* Translators: units of memory: 1000 and 1024 megabytes, and 1 megabyte */
  const char *names[] = {_("GB"), _("GiB"), _("MB")};
  const guint64 sizes[] = {1000, 1024, 1};
  gsize i = 0;

  while (i + 1 < G_N_ELEMENTS(sizes) && (megabytes < sizes[i] || megabytes % sizes[i] != 0))
    i++;
  return g_strdup_printf("%" G_GUINT64_FORMAT " %s", megabytes / sizes[i], names[i]);
}
