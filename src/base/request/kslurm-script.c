/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-script.h"

#include <string.h>

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

/* words as sbatch parts them: quotes and backslashes hold, '#' begins a comment */
static GPtrArray *
split_words(const char *text, gsize length)
{
  GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
  GString *word = NULL;
  char quote = 0;

  for (gsize i = 0; i < length && text[i] != '\n'; i++) {
    char c = text[i];

    if (quote == 0 && g_ascii_isspace(c)) {
      if (word != NULL)
        g_ptr_array_add(words, g_string_free(g_steal_pointer(&word), FALSE));
      continue;
    }
    if (quote == 0 && c == '#' && word == NULL)
      break;
    if (word == NULL)
      word = g_string_new(NULL);
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (quote != 0 && c == quote)
      quote = 0;
    else if (c == '\\' && quote != '\'' && i + 1 < length && text[i + 1] != '\n')
      g_string_append_c(word, text[++i]);
    else
      g_string_append_c(word, c);
  }
  if (word != NULL)
    g_ptr_array_add(words, g_string_free(word, FALSE));
  return words;
}

/* gives how many of @words one option took */
static guint
take_option(GPtrArray *words, guint i, GPtrArray *settings)
{
  const char *word = words->pdata[i];
  const char *next = i + 1 < words->len ? words->pdata[i + 1] : NULL;
  gboolean is_long = g_str_has_prefix(word, "--");
  const char *equals = is_long ? strchr(word, '=') : NULL;
  g_autofree char *name =
      is_long ? g_strndup(word + 2,
                          equals != NULL ? (gsize)(equals - word - 2) : strlen(word + 2))
              : NULL;
  const KslurmForeign *option = NULL;
  const char *glued = equals != NULL ? equals + 1 : NULL;
  gboolean takes_next = FALSE;

  if (word[0] != '-' || word[1] == '\0')
    return 1;
  if (is_long)
    option = kslurm_slurm_find_option(kslurm_sbatch_options, name);
  else
    option = kslurm_slurm_find_letter(kslurm_sbatch_options, word[1]);
  if (!is_long && word[2] != '\0')
    glued = word + 2;
  takes_next = option != NULL && option->value && glued == NULL && next != NULL;
  if (option != NULL && option->name != NULL) {
    const char *value = takes_next ? next : glued;

    g_ptr_array_add(settings,
                    kslurm_setting_new(kslurm_setting_group_of(option, value), option->name,
                                       value, KSLURM_LEVEL_SCRIPT, word));
  }
  return takes_next ? 2 : 1;
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
    words = split_words(line + strlen(MARK), length - strlen(MARK));
    for (guint i = 0; i < words->len;)
      i += take_option(words, i, settings);
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

static void
append_quoted(GString *text, const char *word)
{
  g_autofree char *plain = g_strescape(word, NULL);
  gboolean quote = word[strcspn(word, " \t#'\"\\")] != '\0';

  g_string_append_printf(text, quote ? " \"%s\"" : " %s", quote ? plain : word);
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
    guint taken = take_option(words, i, asked);
    gboolean beaten = is_in_the_way(settings, asked);

    if (beaten)
      g_ptr_array_add(dropped, kslurm_setting_to_text(asked->pdata[0]));
    for (guint j = i; j < i + taken && !beaten; j++)
      append_quoted(kept, words->pdata[j]);
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
      g_autoptr(GPtrArray) words = split_words(line + strlen(MARK), length - strlen(MARK));
      g_autoptr(GPtrArray) asked =
          g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);

      for (guint i = 0; i < words->len;)
        i += take_option(words, i, asked);
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
  const char *line = NULL;
  gsize length = 0;

  if (!next_line(&lines, &line, &length) || length < 3)
    return g_new0(char *, 1);
  text = g_strstrip(g_strndup(line + 2, length - 2));
  return g_strsplit_set(text, " \t", 2);
}
