/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-quote.h"

#include <string.h>

/* '~' and '=' are left out: both are expanded at a word's beginning by some shell */
static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                            "_@%+:,./-";

static gboolean
is_plain(const char *text)
{
  gsize before_equals = strspn(text, plain);

  if (text[0] == '\0')
    return FALSE;
  /* --option=value reads better bare, and is no expansion anywhere */
  if (text[0] == '-' && text[before_equals] == '=')
    before_equals += 1 + strspn(text + before_equals + 1, plain);
  return text[before_equals] == '\0';
}

/**
 * kslurm_shell_quote:
 * @dialect: the shell that will read the text
 * @text: (type filename): any text without NUL
 *
 * Makes one word of @text that the shell reads back as exactly @text. Words that no
 * shell would change stay bare.
 *
 * Returns: (transfer full) (type filename): the quoted word
 */
char *
kslurm_shell_quote(KslurmDialect dialect, const char *text)
{
  GString *quoted = NULL;

  g_return_val_if_fail(text != NULL, NULL);
  if (is_plain(text))
    return g_strdup(text);
  quoted = g_string_new("'");
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '\'')
      g_string_append(quoted, dialect == KSLURM_DIALECT_FISH ? "\\'" : "'\\''");
    else if (*c == '\\' && dialect == KSLURM_DIALECT_FISH)
      g_string_append(quoted, "\\\\");
    else
      g_string_append_c(quoted, *c);
  }
  g_string_append_c(quoted, '\'');
  return g_string_free(quoted, FALSE);
}

/**
 * kslurm_shell_join:
 * @dialect: the shell that will read the text
 * @words: (array zero-terminated=1) (element-type filename): an argument vector
 *
 * Quotes each word and joins them with blanks, so that the line can be pasted.
 *
 * Returns: (transfer full) (type filename): the line, without newline
 */
char *
kslurm_shell_join(KslurmDialect dialect, const char *const *words)
{
  GString *line = g_string_new(NULL);

  g_return_val_if_fail(words != NULL, g_string_free(line, FALSE));
  for (gsize i = 0; words[i] != NULL; i++) {
    g_autofree char *quoted = kslurm_shell_quote(dialect, words[i]);

    g_string_append_printf(line, "%s%s", i > 0 ? " " : "", quoted);
  }
  return g_string_free(line, FALSE);
}
