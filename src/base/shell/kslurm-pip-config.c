/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-pip-config.h"

#include <string.h>

/* as Python's configparser reads a file, the reader of pip */
typedef struct {
  GHashTable *found; /* "section.key" → value */
  GHashTable *sections;
  char *section; /* NULL before the first */
  char *key;     /* NULL: no value goes on */
  gsize indent;
} Reader;

/* what its values say is said in every section of the file */
#define FOR_ALL "DEFAULT"

/**
 * kslurm_pip_config_new: (skip)
 *
 * Returns: (transfer full): settings of pip, none yet
 */
GHashTable *
kslurm_pip_config_new(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static char *
dup_name(const char *section, const char *key)
{
  return g_strdup_printf("%s.%s", section, key);
}

/* pip takes 'FIND_LINKS' and '--find-links' for 'find-links' */
static char *
dup_key(const char *text, gsize length)
{
  g_autofree char *raw = g_strndup(text, length);
  g_autofree char *key = g_ascii_strdown(g_strstrip(raw), -1);

  g_strdelimit(key, "_", '-');
  return g_strdup(g_str_has_prefix(key, "--") ? key + 2 : key);
}

static void
go_on(Reader *reader, const char *text)
{
  g_autofree char *name = dup_name(reader->section, reader->key);
  const char *before = g_hash_table_lookup(reader->found, name);
  char *value = g_strconcat(before != NULL ? before : "", "\n", text, NULL);

  g_hash_table_replace(reader->found, g_steal_pointer(&name), value);
}

static void
begin(Reader *reader, const char *text)
{
  const char *close = text[0] == '[' ? strrchr(text, ']') : NULL;
  gsize delimiter = strcspn(text, "=:");
  g_autofree char *value = NULL;

  g_clear_pointer(&reader->key, g_free);
  if (close != NULL && close > text + 1) {
    g_free(reader->section);
    reader->section = g_strndup(text + 1, (gsize)(close - text - 1));
    g_hash_table_add(reader->sections, g_strdup(reader->section));
  } else if (reader->section != NULL && text[delimiter] != '\0') {
    reader->key = dup_key(text, delimiter);
    value = g_strstrip(g_strdup(text + delimiter + 1));
    g_hash_table_replace(reader->found, dup_name(reader->section, reader->key),
                         g_steal_pointer(&value));
  }
}

static void
read_line(Reader *reader, const char *line)
{
  g_autofree char *text = g_strstrip(g_strdup(line));
  gsize indent = strspn(line, " \t\r\f\v");

  if (text[0] == '\0' || text[0] == '#' || text[0] == ';')
    return;
  if (reader->key != NULL && indent > reader->indent) {
    go_on(reader, text);
    return;
  }
  reader->indent = indent;
  begin(reader, text);
}

static void
spread_defaults(Reader *reader)
{
  g_autoptr(GHashTable) spread = kslurm_pip_config_new();
  GHashTableIter names, sections;
  gpointer name = NULL, value = NULL, section = NULL;

  g_hash_table_iter_init(&names, reader->found);
  while (g_hash_table_iter_next(&names, &name, &value)) {
    if (!g_str_has_prefix(name, FOR_ALL "."))
      continue;
    g_hash_table_iter_init(&sections, reader->sections);
    while (g_hash_table_iter_next(&sections, &section, NULL))
      g_hash_table_replace(spread, dup_name(section, (char *)name + strlen(FOR_ALL ".")),
                           g_strdup(value));
  }
  g_hash_table_iter_init(&names, spread);
  while (g_hash_table_iter_next(&names, &name, &value))
    if (!g_hash_table_contains(reader->found, name))
      g_hash_table_insert(reader->found, g_strdup(name), g_strdup(value));
}

/**
 * kslurm_pip_config_add: (skip)
 * @settings: gets what the file sets
 * @data: (array length=length) (nullable): a configuration file of pip
 * @length: in bytes
 *
 * A setting of this file replaces that of one that was added before. A line that pip would
 * refuse is passed over: pip itself will say so.
 */
void
kslurm_pip_config_add(GHashTable *settings, const char *data, gsize length)
{
  g_autofree char *text = g_strndup(data != NULL ? data : "", data != NULL ? length : 0);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  Reader reader = {.found = kslurm_pip_config_new(),
                   .sections =
                       g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
  GHashTableIter iter;
  gpointer name = NULL, value = NULL;

  for (gsize i = 0; lines[i] != NULL; i++)
    read_line(&reader, lines[i]);
  spread_defaults(&reader);
  g_hash_table_iter_init(&iter, reader.found);
  while (g_hash_table_iter_next(&iter, &name, &value)) {
    g_hash_table_iter_steal(&iter);
    g_hash_table_replace(settings, name, value);
  }
  g_hash_table_unref(reader.found);
  g_hash_table_unref(reader.sections);
  g_free(reader.section);
  g_free(reader.key);
}

/**
 * kslurm_pip_config_get: (skip)
 * @settings: settings of pip
 * @command: a command of pip
 * @key: an option's name: "find-links"
 *
 * Returns: (transfer none) (nullable): its value for that command; an empty one counts as
 *   none, as it does to pip
 */
const char *
kslurm_pip_config_get(GHashTable *settings, const char *command, const char *key)
{
  const char *const sections[] = {command, "global"};

  for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
    g_autofree char *name = dup_name(sections[i], key);
    const char *value = g_hash_table_lookup(settings, name);

    if (value != NULL && value[0] != '\0')
      return value;
  }
  return NULL;
}
