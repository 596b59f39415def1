/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-self-locate-private.h"

static gboolean
goes_on(const char *p, const char *end)
{
  return p < end && *p != '\0' && (g_ascii_isalnum(*p) || strchr("._-+@~", *p) != NULL);
}

/**
 * kslurm_self_locate_find: (skip)
 * @place: a path
 * @text: where the text begins
 * @from: where to search from
 * @end: where the text ends
 *
 * Returns: (nullable): the next @place that is not a part of a longer name
 */
const char *
kslurm_self_locate_find(const char *place,
                        const char *text,
                        const char *from,
                        const char *end)
{
  gsize length = strlen(place);

  while (from < end) {
    const char *found = memmem(from, (gsize)(end - from), place, length);

    if (found == NULL)
      return NULL;
    if (!goes_on(found + length, end) && (found == text || !goes_on(found - 1, end)))
      return found;
    from = found + 1;
  }
  return NULL;
}

/**
 * kslurm_self_locate_dup_up: (skip)
 * @name: a member's name
 *
 * Returns: (transfer full): what leads from its folder to the environment: "../" for each
 *   folder that it is in
 */
char *
kslurm_self_locate_dup_up(const char *name)
{
  GString *up = g_string_new(NULL);

  for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/'))
    g_string_append(up, "../");
  return g_string_free(up, FALSE);
}

/* in .pth and .egg-link a line is a path, and a relative one begins at the file's folder */
gboolean
kslurm_self_locate_lines(
    const char *place, const char *name, const char *text, gsize length, GString *out)
{
  g_autofree char *up = kslurm_self_locate_dup_up(name);
  const char *end = text + length;
  gsize size = strlen(place);

  for (const char *line = text; line < end;) {
    const char *newline = memchr(line, '\n', (gsize)(end - line));
    const char *next = newline != NULL ? newline + 1 : end;

    if (kslurm_self_locate_find(place, text, line, next) == line) {
      g_string_append_printf(out, "%s.", up);
      line += size;
    }
    g_string_append_len(out, line, next - line);
    line = next;
  }
  return kslurm_self_locate_find(place, out->str, out->str, out->str + out->len) == NULL;
}

static gboolean
is_quoted(const char *text, const char *from, const char *to, const char *end)
{
  return from > text && to < end && (from[-1] == '"' || from[-1] == '\'') &&
         *to == from[-1];
}

static gboolean
is_bare(const char *text, const char *from, const char *to, const char *end)
{
  return from > text && (from[-1] == '=' || from[-1] == ' ') &&
         (to == end || g_ascii_isspace(*to) || *to == ';' || *to == ')');
}

/* what stands before the quote of a raw string: r'' of Python, r#''# of Nushell */
static gsize
count_raw(const char *text, const char *quote)
{
  const char *p = quote;

  while (p > text && p[-1] == '#')
    p--;
  if (p == text || p[-1] != 'r' || (p - 1 > text && g_ascii_isalnum(p[-2])))
    return 0;
  return (gsize)(quote - p) + 1;
}

/* a place that is a whole word of a shell, in quotes or not, becomes @word */
gboolean
kslurm_self_locate_words(
    const char *place, const char *word, const char *text, gsize length, GString *out)
{
  const char *end = text + length, *from = text, *found = NULL;
  gsize size = strlen(place), raw = 0;

  while ((found = kslurm_self_locate_find(place, text, from, end)) != NULL) {
    gboolean quoted = is_quoted(text, found, found + size, end);

    if (!quoted && !is_bare(text, found, found + size, end))
      return FALSE;
    raw = quoted ? count_raw(text, found - 1) : 0;
    g_string_append_len(out, from, found - from - (gssize)(raw + (quoted ? 1 : 0)));
    g_string_append(out, word);
    from = found + size + (quoted ? 1 : 0);
    for (; raw > 1 && from < end && *from == '#'; raw--)
      from++;
  }
  g_string_append_len(out, from, end - from);
  return TRUE;
}

/* what an editable install wrote: string literals of Python that begin with the place */
gboolean
kslurm_self_locate_literals(
    const char *place, const char *name, const char *text, gsize length, GString *out)
{
  const char *end = text + length, *from = text, *found = NULL;
  gsize size = strlen(place);

  while ((found = kslurm_self_locate_find(place, text, from, end)) != NULL) {
    char quote = found > text ? found[-1] : '\0',
         before = found > text + 1 ? found[-2] : ' ';
    const char *after = found + size;

    if ((quote != '\'' && quote != '"') || g_ascii_isalnum(before) || before == quote ||
        after == end || (*after != '/' && *after != quote))
      return FALSE;
    g_string_append_len(out, from, found - 1 - from);
    g_string_append_printf(out, "__import__('sys').prefix + %c", quote);
    from = after;
  }
  g_string_append_len(out, from, end - from);
  return TRUE;
}

/* Jupyter runs its own interpreter for a kernel that asks for "python" */
gboolean
kslurm_self_locate_kernel(
    const char *place, const char *name, const char *text, gsize length, GString *out)
{
  g_autofree char *pattern = NULL, *escaped = g_regex_escape_string(place, -1);
  g_autofree char *replaced = NULL;
  g_autoptr(GRegex) regex = NULL;

  pattern = g_strdup_printf("\"%s/bin/python[0-9.]*\"", escaped);
  regex = g_regex_new(pattern, G_REGEX_RAW, 0, NULL);
  replaced = g_regex_replace_literal(regex, text, (gssize)length, 0, "\"python\"", 0, NULL);
  if (replaced == NULL)
    return FALSE;
  g_string_append(out, replaced);
  return kslurm_self_locate_find(place, out->str, out->str, out->str + out->len) == NULL;
}
