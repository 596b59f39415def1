/* SPDX-License-Identifier: MIT */
#include "image/kslurm-range.h"

#include <string.h>

static gboolean
take_number(const char **at, guint64 *number)
{
  gsize digits = strspn(*at, "0123456789");

  if (digits == 0 || digits > 18)
    return FALSE;
  *number = g_ascii_strtoull(*at, NULL, 10);
  *at += digits;
  return TRUE;
}

/**
 * kslurm_range_parse: (skip)
 * @header: a 'Content-Range': "bytes 100-199/200"
 * @start: (out): where it begins
 *
 * Returns: whether @header names a range that goes to the end, or to nobody knows where
 */
gboolean
kslurm_range_parse(const char *header, guint64 *start)
{
  guint64 last = 0, size = 0;
  const char *at = header;

  if (g_ascii_strncasecmp(at, "bytes ", strlen("bytes ")) != 0)
    return FALSE;
  at += strlen("bytes ");
  if (!take_number(&at, start) || *at++ != '-' || !take_number(&at, &last) ||
      *at++ != '/' || last < *start)
    return FALSE;
  return g_str_equal(at, "*") ||
         (take_number(&at, &size) && *at == '\0' && last + 1 == size);
}
