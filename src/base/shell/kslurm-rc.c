/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-rc.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"

/* where our block stands: from its first line to past its last */
typedef struct {
  const char *from, *to;
} Block;

static gsize
measure_line(const char *line)
{
  gsize length = strcspn(line, "\n");

  return length + (line[length] == '\n');
}

/* an editor on another system may have put blanks or a carriage return behind it */
static gboolean
is_line(const char *line, gsize length, const char *wanted)
{
  while (length > 0 && g_ascii_isspace(line[length - 1]))
    length--;
  return length == strlen(wanted) && strncmp(line, wanted, length) == 0;
}

static gboolean
set_damaged(GError **error)
{
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
              _("the lines '%s' and '%s' are no pair; remove them, and what is kslurm's "
                "between them, by hand"),
              KSLURM_RC_BEGIN, KSLURM_RC_END);
  return FALSE;
}

/* exactly one block, or none */
static gboolean
find_block(const char *text, Block *block, GError **error)
{
  gsize length = 0;

  *block = (Block){NULL, NULL};
  for (const char *line = text; *line != '\0'; line += length) {
    length = measure_line(line);
    if (is_line(line, length, KSLURM_RC_BEGIN)) {
      if (block->from != NULL)
        return set_damaged(error);
      block->from = line;
    } else if (is_line(line, length, KSLURM_RC_END)) {
      if (block->from == NULL || block->to != NULL)
        return set_damaged(error);
      block->to = line + length;
    }
  }
  return (block->from == NULL) == (block->to == NULL) || set_damaged(error);
}

/* 'source …/kslurm/bin/bash.sh', which breaks each login once the older one is gone */
static gboolean
is_older(const char *line, gsize length)
{
  static const char pattern[] =
      "^[ \t]*(?:source|\\.)[ \t]+(?:'[^']*/kslurm/bin/bash\\.sh'|"
      "\"[^\"]*/kslurm/bin/bash\\.sh\"|(?:[^ \t;&|#'\"]|\\\\.)*/kslurm/bin/bash\\.sh)"
      "[ \t\r]*(?:#.*)?$";
  g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_RAW, 0, NULL);

  while (length > 0 && line[length - 1] == '\n')
    length--;
  return g_regex_match_full(regex, line, (gssize)length, 0, 0, NULL, NULL);
}

static void
append_without_older(GString *result, const char *text, gsize size)
{
  const char *end = text + size;
  gsize length = 0;

  for (const char *line = text; line < end; line += length) {
    length = MIN(measure_line(line), (gsize)(end - line));
    if (!is_older(line, length))
      g_string_append_len(result, line, (gssize)length);
  }
}

/**
 * kslurm_rc_insert: (skip)
 * @text: a shell's start-up file
 * @line: what our block holds
 * @error: return location
 *
 * Puts the marked block in: where it is, else at the end. An older kslurm's line is taken
 * out. The result put through again is the same.
 *
 * Returns: (transfer full) (nullable): the file's new text, or %NULL when the marks in it
 *   are damaged
 */
char *
kslurm_rc_insert(const char *text, const char *line, GError **error)
{
  g_autoptr(GString) result = g_string_new(NULL);
  Block block;

  if (!find_block(text, &block, error))
    return NULL;
  append_without_older(result, text,
                       block.from != NULL ? (gsize)(block.from - text) : strlen(text));
  if (result->len > 0 && result->str[result->len - 1] != '\n')
    g_string_append_c(result, '\n');
  g_string_append_printf(result, "%s\n%s\n%s\n", KSLURM_RC_BEGIN, line, KSLURM_RC_END);
  if (block.to != NULL)
    append_without_older(result, block.to, strlen(block.to));
  return g_string_free(g_steal_pointer(&result), FALSE);
}

/**
 * kslurm_rc_remove: (skip)
 * @text: a shell's start-up file
 * @error: return location
 *
 * Takes the marked block out, and nothing else.
 *
 * Returns: (transfer full) (nullable): the file's new text, or %NULL when the marks in it
 *   are damaged
 */
char *
kslurm_rc_remove(const char *text, GError **error)
{
  Block block;
  g_autofree char *before = NULL;

  if (!find_block(text, &block, error))
    return NULL;
  if (block.from == NULL)
    return g_strdup(text);
  before = g_strndup(text, (gsize)(block.from - text));
  return g_strconcat(before, block.to, NULL);
}

static void
append_marked(GString *result, char mark, const char *from, const char *to)
{
  gsize length = 0;

  for (const char *line = from; line < to; line += length) {
    length = MIN(measure_line(line), (gsize)(to - line));
    g_string_append_c(result, mark);
    g_string_append_len(result, line, (gssize)length);
    if (line[length - 1] != '\n')
      g_string_append_c(result, '\n');
  }
}

/* how many bytes of whole lines both begin with */
static gsize
measure_common(const char *a, const char *b)
{
  gsize common = 0, length = 0;

  while (a[common] != '\0') {
    length = measure_line(a + common);
    if (length != measure_line(b + common) || strncmp(a + common, b + common, length) != 0)
      break;
    common += length;
  }
  return common;
}

/**
 * kslurm_rc_compare: (skip)
 * @before: a text
 * @after: what it becomes
 *
 * Returns: (transfer full): the lines that go, each with '-', and those that come, with
 *   '+'; empty when nothing changes
 */
char *
kslurm_rc_compare(const char *before, const char *after)
{
  GString *result = g_string_new(NULL);
  gsize head = measure_common(before, after);
  const char *old_end = before + strlen(before), *new_end = after + strlen(after);
  const char *a = old_end, *b = new_end;

  while (a > before + head && b > after + head && a[-1] == b[-1]) {
    a--;
    b--;
    /* whole lines only */
    if (a == before + head || a[-1] == '\n') {
      if (b == after + head || b[-1] == '\n') {
        old_end = a;
        new_end = b;
      }
    }
  }
  append_marked(result, '-', before + head, old_end);
  append_marked(result, '+', after + head, new_end);
  return g_string_free(result, FALSE);
}
