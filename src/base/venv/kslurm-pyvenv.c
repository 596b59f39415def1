/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-pyvenv.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"

#define FILE_LIMIT (64 * 1024)

/**
 * kslurm_pyvenv_read: (skip)
 * @prefix: the folder of an environment
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the text of its pyvenv.cfg, or %NULL with @error
 *   set; without such a file a folder is no environment
 */
char *
kslurm_pyvenv_read(const char *prefix, GError **error)
{
  g_autofree char *path = g_build_filename(prefix, "pyvenv.cfg", NULL);
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) bytes = kslurm_file_read(path, FILE_LIMIT, &failure);

  if (bytes != NULL)
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("'%s' is no Python environment: it has no file 'pyvenv.cfg'"), prefix);
  else
    g_propagate_error(error, g_steal_pointer(&failure));
  return NULL;
}

/* a line 'key = value' as Python's site module reads it */
static gboolean
is_line_of(const char *line, const char *key)
{
  gsize blanks = strspn(line, " \t");
  gsize length = strlen(key);

  if (g_ascii_strncasecmp(line + blanks, key, length) != 0)
    return FALSE;
  line += blanks + length;
  return line[strspn(line, " \t")] == '=';
}

static const char *
find_line(const char *text, const char *key)
{
  for (const char *line = text; *line != '\0';) {
    gsize length = strcspn(line, "\n");

    if (is_line_of(line, key))
      return line;
    line += length + (line[length] == '\n' ? 1 : 0);
  }
  return NULL;
}

/* the standard library writes some values as Python spells a string */
static char *
dup_unquoted(const char *value)
{
  gsize length = strlen(value);
  GString *plain = g_string_new(NULL);

  if (length < 2 || strchr("'\"", value[0]) == NULL || value[length - 1] != value[0]) {
    g_string_append(plain, value);
    return g_string_free(plain, FALSE);
  }
  for (gsize i = 1; i + 1 < length; i++) {
    if (value[i] == '\\' && i + 2 < length && strchr("\\'\"", value[i + 1]) != NULL)
      i++;
    g_string_append_c(plain, value[i]);
  }
  return g_string_free(plain, FALSE);
}

/**
 * kslurm_pyvenv_dup_value: (skip)
 * @text: the text of a pyvenv.cfg
 * @key: a key, in any case
 *
 * Returns: (transfer full) (nullable): its value, without blanks and quotes around it
 */
char *
kslurm_pyvenv_dup_value(const char *text, const char *key)
{
  const char *line = find_line(text, key);
  g_autofree char *whole = line != NULL ? g_strndup(line, strcspn(line, "\n")) : NULL;

  return whole != NULL ? dup_unquoted(g_strstrip(strchr(whole, '=') + 1)) : NULL;
}

static char *
dup_quoted(const char *value)
{
  GString *quoted = g_string_new("'");

  for (const char *c = value; *c != '\0'; c++) {
    if (*c == '\'' || *c == '\\')
      g_string_append_c(quoted, '\\');
    g_string_append_c(quoted, *c);
  }
  g_string_append_c(quoted, '\'');
  return g_string_free(quoted, FALSE);
}

/**
 * kslurm_pyvenv_set_value: (skip)
 * @text: the text of a pyvenv.cfg
 * @key: a key
 * @value: its new value, which is written in quotes; one line
 *
 * Returns: (transfer full): the text with the first line of @key changed, or one added
 */
char *
kslurm_pyvenv_set_value(const char *text, const char *key, const char *value)
{
  const char *line = find_line(text, key);
  g_autofree char *quoted = dup_quoted(value);
  GString *changed = g_string_new(NULL);
  const char *rest = "";

  if (line == NULL) {
    g_string_append(changed, text);
    if (changed->len > 0 && changed->str[changed->len - 1] != '\n')
      g_string_append_c(changed, '\n');
  } else {
    gsize length = strcspn(line, "\n");

    g_string_append_len(changed, text, line - text);
    rest = line + length + (line[length] == '\n' ? 1 : 0);
  }
  g_string_append_printf(changed, "%s = %s\n%s", key, quoted, rest);
  return g_string_free(changed, FALSE);
}
