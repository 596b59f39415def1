/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-text.h"

#include <string.h>

/**
 * kslurm_text_is_line: (skip)
 * @text: text from anywhere
 *
 * Returns: whether it is UTF-8 without newlines, escapes and other control characters
 */
gboolean
kslurm_text_is_line(const char *text)
{
  if (!g_utf8_validate(text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
    if (g_unichar_iscntrl(g_utf8_get_char(p)))
      return FALSE;
  return TRUE;
}

/**
 * kslurm_text_clean: (skip)
 * @text: text from a server, a file or a child, of any encoding
 *
 * Makes @text safe to show on a terminal: escapes and other control characters are
 * dropped, newlines and tabs stay, bytes that are no UTF-8 are replaced.
 *
 * Returns: (transfer full): the text
 */
char *
kslurm_text_clean(const char *text)
{
  g_autofree char *valid = NULL;
  GString *clean = NULL;

  if (kslurm_text_is_line(text))
    return g_strdup(text);
  valid = g_utf8_make_valid(text, -1);
  clean = g_string_sized_new(strlen(valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (c == '\n' || c == '\t' || !(c < 0x20 || (c >= 0x7f && c < 0xa0)))
      g_string_append_unichar(clean, c);
  }
  return g_string_free(clean, FALSE);
}

static guint
distance(const char *a, const char *b)
{
  gsize columns = strlen(b) + 1;
  g_autofree guint *row = g_new(guint, columns);

  for (gsize j = 0; j < columns; j++)
    row[j] = (guint)j;
  for (gsize i = 1; a[i - 1] != '\0'; i++) {
    guint diagonal = row[0];

    row[0] = (guint)i;
    for (gsize j = 1; j < columns; j++) {
      guint above = row[j];
      guint change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);

      row[j] = MIN(change, MIN(above, row[j - 1]) + 1);
      diagonal = above;
    }
  }
  return row[columns - 1];
}

/**
 * kslurm_text_closest: (skip)
 * @word: what was typed
 * @candidates: (array zero-terminated=1): what could have been meant
 *
 * Returns: (transfer none) (nullable): the candidate that is at most two slips (one, in a
 *   word shorter than five letters) away
 */
const char *
kslurm_text_closest(const char *word, const char *const *candidates)
{
  guint best = strlen(word) < 5 ? 2 : 3;
  const char *closest = NULL;

  if (strlen(word) > 64)
    return NULL;
  for (gsize i = 0; candidates[i] != NULL; i++) {
    guint slips = distance(word, candidates[i]);

    if (slips < best && slips < strlen(word)) {
      best = slips;
      closest = candidates[i];
    }
  }
  return closest;
}

static glong
cell_width(const char *cell)
{
  return g_utf8_strlen(cell, -1);
}

static void
append_blanks(GString *text, glong count)
{
  for (; count > 0; count--)
    g_string_append_c(text, ' ');
}

/**
 * kslurm_text_table: (skip)
 * @rows: (element-type GStrv): the rows, each with as many cells as @align has letters
 * @align: a letter for each column, 'l' or 'r'
 *
 * Lays out a table, two blanks between columns and none at the ends of lines.
 *
 * Returns: (transfer full): the lines
 */
char *
kslurm_text_table(GPtrArray *rows, const char *align)
{
  gsize columns = strlen(align);
  g_autofree glong *widths = g_new0(glong, columns);
  GString *table = g_string_new(NULL);

  for (guint i = 0; i < rows->len; i++)
    for (gsize j = 0; j < columns; j++)
      widths[j] = MAX(widths[j], cell_width(((char **)rows->pdata[i])[j]));
  for (guint i = 0; i < rows->len; i++) {
    char **row = rows->pdata[i];

    for (gsize j = 0; j < columns; j++) {
      glong pad = widths[j] - cell_width(row[j]);

      append_blanks(table, align[j] == 'r' ? pad : 0);
      g_string_append(table, row[j]);
      append_blanks(table, align[j] != 'r' && j + 1 < columns ? pad : 0);
      g_string_append(table, j + 1 == columns ? "\n" : "  ");
    }
  }
  return g_string_free(table, FALSE);
}
