/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-directive.h"

#include <string.h>

#include "base/args/kslurm-verb.h"
#include "base/request/kslurm-setting.h"

/**
 * kslurm_directive_split: (skip)
 * @text: what follows '#SBATCH'
 * @length: of @text, in bytes; a newline ends it before
 *
 * Parts words as sbatch does: quotes hold, a backslash holds even between single quotes,
 * '#' begins a comment even within a word.
 *
 * Returns: (transfer full) (element-type utf8): the words
 */
GPtrArray *
kslurm_directive_split(const char *text, gsize length)
{
  GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
  GString *word = NULL;
  char quote = 0;

  for (gsize i = 0; i < length && text[i] != '\n'; i++) {
    char c = text[i];

    if (quote == 0 && c == '#')
      break;
    if (quote == 0 && g_ascii_isspace(c)) {
      if (word != NULL)
        g_ptr_array_add(words, g_string_free(g_steal_pointer(&word), FALSE));
      continue;
    }
    if (word == NULL)
      word = g_string_new(NULL);
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (quote != 0 && c == quote)
      quote = 0;
    else if (c == '\\' && i + 1 < length && text[i + 1] != '\n')
      g_string_append_c(word, text[++i]);
    else
      g_string_append_c(word, c);
  }
  if (word != NULL)
    g_ptr_array_add(words, g_string_free(word, FALSE));
  return words;
}

static void
add(GPtrArray *settings, const KslurmForeign *option, const char *value, const char *word)
{
  if (option != NULL && option->name != NULL)
    g_ptr_array_add(settings,
                    kslurm_setting_new(kslurm_setting_group_of(option, value), option->name,
                                       value, KSLURM_LEVEL_SCRIPT, word));
}

static gboolean
take_long(const char *word, const char *next, GPtrArray *settings)
{
  const KslurmVerb sbatch = {.name = "sbatch", .foreign = kslurm_sbatch_options};
  const char *equals = strchr(word, '=');
  gsize length = equals != NULL ? (gsize)(equals - word - 2) : strlen(word) - 2;
  const KslurmForeign *option = kslurm_verb_find_foreign(&sbatch, word + 2, length);
  gboolean takes_next = option != NULL && option->value && equals == NULL && next != NULL;

  add(settings, option, takes_next ? next : equals != NULL ? equals + 1 : NULL, word);
  return takes_next;
}

/* '-Hc2' is '-H -c 2' */
static gboolean
take_letters(const char *word, const char *next, GPtrArray *settings)
{
  for (const char *c = word + 1; *c != '\0'; c++) {
    const KslurmForeign *option = kslurm_slurm_find_letter(kslurm_sbatch_options, *c);
    gboolean ends = option == NULL || option->value;
    gboolean glued = ends && c[1] != '\0';

    add(settings, option, glued ? c + 1 : ends ? next : NULL, word);
    if (ends)
      return option != NULL && !glued && next != NULL;
  }
  return FALSE;
}

/**
 * kslurm_directive_take: (skip)
 * @words: (element-type utf8): the words of a directive
 * @i: which one
 * @settings: (element-type KslurmSetting): gets what it asks for
 *
 * Returns: how many words that was: an option's value may be the next word
 */
guint
kslurm_directive_take(GPtrArray *words, guint i, GPtrArray *settings)
{
  const char *word = words->pdata[i];
  const char *next = i + 1 < words->len ? words->pdata[i + 1] : NULL;
  gboolean two = FALSE;

  if (g_str_has_prefix(word, "--"))
    two = take_long(word, next, settings);
  else if (word[0] == '-')
    two = take_letters(word, next, settings);
  return two ? 2 : 1;
}

/**
 * kslurm_directive_append: (skip)
 * @text: to append to
 * @word: a word
 *
 * Appends a blank and @word, so that kslurm_directive_split() gives it back.
 */
void
kslurm_directive_append(GString *text, const char *word)
{
  gboolean quote = word[0] == '\0' || word[strcspn(word, " \t\r\f\v#'\"\\")] != '\0';

  g_string_append(text, quote ? " \"" : " ");
  for (const char *p = word; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_c(text, '\\');
    g_string_append_c(text, *p);
  }
  if (quote)
    g_string_append_c(text, '"');
}
