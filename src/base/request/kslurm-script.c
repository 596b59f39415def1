/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-script.h"

#include <string.h>

#include "base/request/kslurm-directive.h"

#define MARK "#SBATCH"

/* one line after another, without copying the script */
typedef struct {
  const char *at;
  const char *end;
} Lines;

static gboolean
next_line(Lines *lines, const char **line, gsize *length)
{
  const char *newline = NULL;

  if (lines->at >= lines->end)
    return FALSE;
  *line = lines->at;
  newline = memchr(lines->at, '\n', (gsize)(lines->end - lines->at));
  lines->at = newline != NULL ? newline + 1 : lines->end;
  *length = (gsize)(lines->at - *line);
  return TRUE;
}

static Lines
lines_of(GBytes *script)
{
  gsize size = 0;
  const char *data = g_bytes_get_data(script, &size);

  return (Lines){data, data + size};
}

/* sbatch reads directives until the first line that is neither blank nor a comment */
static gboolean
ends_directives(const char *line, gsize length)
{
  gsize i = 0;

  while (i < length && g_ascii_isspace(line[i]))
    i++;
  return i < length && line[i] != '#';
}

static gboolean
is_directive(const char *line, gsize length)
{
  return length > strlen(MARK) && memcmp(line, MARK, strlen(MARK)) == 0 &&
         (line[strlen(MARK)] == ' ' || line[strlen(MARK)] == '\t');
}

/**
 * kslurm_script_is_script: (skip)
 * @script: a file's content
 *
 * Returns: whether it begins with '#!'
 */
gboolean
kslurm_script_is_script(GBytes *script)
{
  gsize size = 0;
  const char *data = g_bytes_get_data(script, &size);

  return size > 2 && data[0] == '#' && data[1] == '!';
}

/**
 * kslurm_script_add_settings: (skip)
 * @script: a batch script
 * @settings: (element-type KslurmSetting): to add to
 *
 * Adds what the script's '#SBATCH' lines ask for.
 */
void
kslurm_script_add_settings(GBytes *script, GPtrArray *settings)
{
  Lines lines = lines_of(script);
  const char *line = NULL;
  gsize length = 0;

  while (next_line(&lines, &line, &length) && !ends_directives(line, length)) {
    g_autoptr(GPtrArray) words = NULL;

    if (!is_directive(line, length))
      continue;
    words = kslurm_directive_split(line + strlen(MARK), length - strlen(MARK));
    for (guint i = 0; i < words->len;)
      i += kslurm_directive_take(words, i, settings);
  }
}

static gboolean
is_in_the_way(GPtrArray *settings, GPtrArray *asked)
{
  for (guint i = 0; i < asked->len; i++)
    if (kslurm_settings_is_beaten(settings, asked->pdata[i]))
      return TRUE;
  return FALSE;
}

/* of letters in one word some may stay */
static void
part_option(GString *kept, KslurmSetting *asked, GPtrArray *settings, GPtrArray *dropped)
{
  g_autofree char *text = kslurm_setting_to_text(asked);

  if (kslurm_settings_is_beaten(settings, asked))
    g_ptr_array_add(dropped, g_steal_pointer(&text));
  else
    kslurm_directive_append(kept, text);
}

/* the directive without its beaten options; nothing when none is left */
static void
append_rest_of_line(GString *text,
                    GPtrArray *words,
                    GPtrArray *settings,
                    GPtrArray *dropped)
{
  g_autoptr(GString) kept = g_string_new(NULL);

  for (guint i = 0; i < words->len;) {
    g_autoptr(GPtrArray) asked =
        g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
    guint taken = kslurm_directive_take(words, i, asked);
    gboolean beaten = is_in_the_way(settings, asked);

    for (guint j = i; j < i + taken && !beaten; j++)
      kslurm_directive_append(kept, words->pdata[j]);
    for (guint j = 0; j < asked->len && beaten; j++)
      part_option(kept, asked->pdata[j], settings, dropped);
    i += taken;
  }
  if (kept->len > 0)
    g_string_append_printf(text, MARK "%s\n", kept->str);
}

/**
 * kslurm_script_without_beaten: (skip)
 * @script: a batch script
 * @settings: (element-type KslurmSetting): what everybody asked for, this script included
 * @dropped: (element-type utf8): gets the options that were left out
 *
 * Leaves out of the '#SBATCH' lines what is in a winner's way.
 *
 * Returns: (transfer full) (nullable): the edited script, or %NULL when nothing had to go
 */
GBytes *
kslurm_script_without_beaten(GBytes *script, GPtrArray *settings, GPtrArray *dropped)
{
  GString *text = g_string_new(NULL);
  Lines lines = lines_of(script);
  gboolean ended = FALSE;
  const char *line = NULL;
  gsize length = 0;

  while (next_line(&lines, &line, &length)) {
    ended = ended || ends_directives(line, length);
    if (!ended && is_directive(line, length)) {
      g_autoptr(GPtrArray) words =
          kslurm_directive_split(line + strlen(MARK), length - strlen(MARK));
      g_autoptr(GPtrArray) asked =
          g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);

      for (guint i = 0; i < words->len;)
        i += kslurm_directive_take(words, i, asked);
      if (is_in_the_way(settings, asked)) {
        append_rest_of_line(text, words, settings, dropped);
        continue;
      }
    }
    g_string_append_len(text, line, (gssize)length);
  }
  if (dropped->len > 0)
    return g_string_free_to_bytes(text);
  g_string_free(text, TRUE);
  return NULL;
}

/**
 * kslurm_script_dup_directives: (skip)
 * @script: a batch script
 *
 * Returns: (transfer full): its '#SBATCH' lines, as they are
 */
char *
kslurm_script_dup_directives(GBytes *script)
{
  GString *text = g_string_new(NULL);
  Lines lines = lines_of(script);
  const char *line = NULL;
  gsize length = 0;

  while (next_line(&lines, &line, &length) && !ends_directives(line, length))
    if (is_directive(line, length))
      g_string_append_len(text, line, (gssize)length);
  return g_string_free(text, FALSE);
}

/**
 * kslurm_script_dup_interpreter: (skip)
 * @script: a script
 *
 * Returns: (transfer full): the words of its '#!' line: the program and one argument at
 * most, as the kernel reads it
 */
char **
kslurm_script_dup_interpreter(GBytes *script)
{
  Lines lines = lines_of(script);
  g_autofree char *text = NULL;
  char **words = NULL;
  const char *line = NULL;
  gsize length = 0;

  if (!next_line(&lines, &line, &length) || length < 3)
    return g_new0(char *, 1);
  text = g_strstrip(g_strndup(line + 2, length - 2));
  words = g_strsplit_set(text, " \t", 2);
  if (words[0] != NULL && words[1] != NULL)
    g_strchug(words[1]);
  return words;
}
