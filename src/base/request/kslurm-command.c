/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-command.h"

#include <string.h>

#include "base/util/kslurm-quote.h"

static const char *const interpreters[] = {"bash",    "sh",   "dash",  "zsh",
                                           "ksh",     "fish", "perl",  "ruby",
                                           "Rscript", "node", "julia", NULL};

static gboolean
is_interpreter(const char *word)
{
  g_autofree char *name = g_path_get_basename(word);

  return g_strv_contains(interpreters, name) || g_str_has_prefix(name, "python");
}

/* what follows 'bash -lc' or 'python -c' is code, and none of our business */
static gboolean
is_code(const char *const *words, gsize i)
{
  const char *option = i > 0 ? words[i - 1] : "";
  gsize length = strlen(option);

  if (length < 2 || option[0] != '-' || option[1] == '-' ||
      strchr("ce", option[length - 1]) == NULL)
    return FALSE;
  for (gsize j = 0; j + 1 < i; j++)
    if (is_interpreter(words[j]))
      return TRUE;
  return FALSE;
}

static gsize
name_length(const char *text)
{
  return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789abcdefghijklmnopqrstuvwxyz");
}

static gboolean
is_node_name(const char *name, gsize length)
{
  return (length > 6 && strncmp(name, "SLURM_", 6) == 0) ||
         (length == 6 && strncmp(name, "TMPDIR", 6) == 0);
}

/* finds '$SLURM_X', '${SLURM_X}' or '$TMPDIR' at @text; gives the length of the whole */
static gsize
match_variable(const char *text, const char **name, gsize *length)
{
  gboolean braced = text[0] == '$' && text[1] == '{';

  if (text[0] != '$')
    return 0;
  *name = text + (braced ? 2 : 1);
  *length = name_length(*name);
  if (!is_node_name(*name, *length) || (braced && (*name)[*length] != '}'))
    return 0;
  return *length + (braced ? 3 : 1);
}

static gboolean
has_variable(const char *const *words, gsize i)
{
  const char *name = NULL;
  gsize length = 0;

  for (const char *p = words[i]; *p != '\0'; p++)
    if (match_variable(p, &name, &length) > 0)
      return !is_code(words, i);
  return FALSE;
}

static void
append_literal(GString *line, const char *text, gsize length)
{
  g_autofree char *literal = g_strndup(text, length);
  g_autofree char *quoted = kslurm_shell_quote(KSLURM_DIALECT_BASH, literal);

  if (length > 0)
    g_string_append(line, quoted);
}

/* an unset variable must stop the command: '$SLURM_TMPDIR/' must never become '/' */
static void
append_expanding(GString *line, const char *word)
{
  const char *from = word;
  const char *name = NULL;
  gsize length = 0;

  for (const char *p = word; *p != '\0';) {
    gsize whole = match_variable(p, &name, &length);

    if (whole == 0) {
      p++;
      continue;
    }
    append_literal(line, from, (gsize)(p - from));
    g_string_append_printf(line, "\"${%.*s:?is not set on this node}\"", (int)length, name);
    p += whole;
    from = p;
  }
  append_literal(line, from, strlen(from));
}

static void
append_words(GString *line, const char *const *words)
{
  for (gsize i = 0; words[i] != NULL; i++) {
    g_string_append_c(line, ' ');
    if (has_variable(words, i)) {
      append_expanding(line, words[i]);
    } else {
      g_autofree char *quoted = kslurm_shell_quote(KSLURM_DIALECT_BASH, words[i]);

      g_string_append(line, quoted);
    }
  }
}

static gboolean
expands(const char *const *words)
{
  for (gsize i = 0; words[i] != NULL; i++)
    if (has_variable(words, i))
      return TRUE;
  return FALSE;
}

/* one word is a line of shell */
static gboolean
is_line(const char *const *words)
{
  return words[0] != NULL && words[1] == NULL;
}

/* a line knows what the user's shells know */
static char *
dup_code(const char *line, const char *init)
{
  g_autofree char *quoted =
      init != NULL ? kslurm_shell_quote(KSLURM_DIALECT_BASH, init) : NULL;

  return init != NULL ? g_strdup_printf("[ ! -r %s ] || . %s; %s", quoted, quoted, line)
                      : g_strdup(line);
}

/**
 * kslurm_command_dup_vector: (skip)
 * @words: (array zero-terminated=1): the command as the user gave it, at least one word
 * @before: (nullable): words that stand before it, which run it in an environment
 * @init: (nullable): a file that a line of bash sources first, when it is there
 *
 * Gives what runs on the node: one word is a line for bash, several are a program and its
 * arguments, through bash only when a variable of the node stands in them.
 *
 * Returns: (transfer full): an argument vector
 */
char **
kslurm_command_dup_vector(const char *const *words,
                          const char *const *before,
                          const char *init)
{
  g_autoptr(GPtrArray) vector = g_ptr_array_new_with_free_func(g_free);
  gboolean line = is_line(words);
  gboolean expanding = !line && expands(words);

  for (gsize i = 0; before != NULL && before[i] != NULL && !expanding; i++)
    g_ptr_array_add(vector, g_strdup(before[i]));
  if (line || expanding) {
    g_ptr_array_add(vector, g_strdup("bash"));
    g_ptr_array_add(vector, g_strdup("-c"));
  }
  if (expanding)
    g_ptr_array_add(vector, kslurm_command_to_line(words, before, init));
  else if (line)
    g_ptr_array_add(vector, dup_code(words[0], init));
  for (gsize i = 0; !line && !expanding && words[i] != NULL; i++)
    g_ptr_array_add(vector, g_strdup(words[i]));
  g_ptr_array_add(vector, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&vector), FALSE);
}

/**
 * kslurm_command_to_line: (skip)
 * @words: (array zero-terminated=1): the command as the user gave it, at least one word
 * @before: (nullable): as kslurm_command_dup_vector() takes it
 * @init: (nullable): as kslurm_command_dup_vector() takes it
 *
 * Gives a line of bash that becomes the command, so that signals reach it.
 *
 * Returns: (transfer full): the line, without newline
 */
char *
kslurm_command_to_line(const char *const *words,
                       const char *const *before,
                       const char *init)
{
  GString *line = g_string_new("exec");

  if (before != NULL) {
    g_autofree char *joined = kslurm_shell_join(KSLURM_DIALECT_BASH, before);

    g_string_append_printf(line, " %s", joined);
  }
  if (is_line(words)) {
    g_autofree char *code = dup_code(words[0], init);
    g_autofree char *quoted = kslurm_shell_quote(KSLURM_DIALECT_BASH, code);

    g_string_append_printf(line, " bash -c %s", quoted);
  } else {
    append_words(line, words);
  }
  return g_string_free(line, FALSE);
}

/**
 * kslurm_command_dup_name: (skip)
 * @words: (array zero-terminated=1): the command as the user gave it
 *
 * Returns: (transfer full): a job's name: the program's, or the first word's of a line
 */
char *
kslurm_command_dup_name(const char *const *words)
{
  const char *first = words[0] != NULL ? words[0] + strspn(words[0], " \t\n") : "";
  g_autofree char *program =
      is_line(words) ? g_strndup(first, strcspn(first, " \t\n;|&<>()")) : g_strdup(first);
  g_autofree char *base = g_path_get_basename(program);
  static const char safe[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";

  g_strcanon(base, safe, '_');
  return base[0] == '\0' || base[0] == '.' || base[0] == '-' ? g_strdup("kslurm")
                                                             : g_steal_pointer(&base);
}

/**
 * kslurm_command_find_shell_word: (skip)
 * @words: (array zero-terminated=1): the command as the user gave it
 *
 * Finds a word that a shell would not take as it is, in a command of several words, which
 * no shell reads.
 *
 * Returns: (transfer none) (nullable): the word
 */
const char *
kslurm_command_find_shell_word(const char *const *words)
{
  static const char *const operators[] = {">", ">>", "<", "|",    "||",
                                          "&", "&&", ";", "2>&1", NULL};

  for (gsize i = 0; !is_line(words) && words[i] != NULL; i++) {
    if (is_code(words, i))
      continue;
    if (g_strv_contains(operators, words[i]) || strstr(words[i], "$(") != NULL ||
        (strpbrk(words[i], "*?") != NULL && strpbrk(words[i], " \t\n()") == NULL))
      return words[i];
  }
  return NULL;
}
