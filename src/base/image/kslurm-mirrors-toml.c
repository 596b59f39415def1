/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/image/kslurm-mirrors-private.h"
#include "base/util/kslurm-error.h"

#define MAX_RULES 1000

/* a table of the file, while it is read */
typedef struct {
  gboolean open;
  gboolean mirror;
  char *prefix;
  char *location;
  gboolean insecure;
  gboolean blocked;
  gboolean only_digests;
  KslurmMirrorUse use;
} Table;

static void
clear_table(Table *table)
{
  g_free(table->prefix);
  g_free(table->location);
  memset(table, 0, sizeof *table);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Table, clear_table)

static gboolean
is_prefix(const char *text)
{
  return kslurm_mirrors_is_location(g_str_has_prefix(text, "*.") ? text + 2 : text);
}

/* what names no registry cannot be asked, and is passed over */
static KslurmMirrorRule *
end_table(KslurmMirrors *mirrors, KslurmMirrorRule *rule, Table *table)
{
  const char *location =
      table->location != NULL && kslurm_mirrors_is_location(table->location)
          ? table->location
          : NULL;
  const char *prefix = table->prefix != NULL ? table->prefix : location;

  if (!table->open || mirrors->rules->len > MAX_RULES)
    return rule;
  if (location != NULL && table->insecure)
    kslurm_mirrors_set_plain(mirrors, location);
  if (table->mirror) {
    if (rule != NULL && location != NULL)
      kslurm_mirror_rule_add(rule, location, table->use);
    return rule;
  }
  if (prefix == NULL || !is_prefix(prefix))
    return NULL;
  rule = kslurm_mirrors_add_rule(mirrors, prefix);
  if (location != NULL && rule->location == NULL)
    rule->location = g_strdup(location);
  rule->blocked |= table->blocked;
  rule->only_digests |= table->only_digests;
  return rule;
}

/* gives the text between quotes; what has escapes is no name of a registry */
static char *
dup_string(const char *value)
{
  const char *end = strchr("\"'", value[0]) != NULL && value[0] != '\0'
                        ? strchr(value + 1, value[0])
                        : NULL;

  return end != NULL ? g_strndup(value + 1, (gsize)(end - value - 1)) : NULL;
}

static gboolean
is_true(const char *value)
{
  return g_str_has_prefix(value, "true") && !g_ascii_isalnum(value[strlen("true")]);
}

static void
set_use(Table *table, const char *value)
{
  g_autofree char *use = dup_string(value);

  if (g_strcmp0(use, "digest-only") == 0)
    table->use = KSLURM_MIRROR_DIGESTS;
  else if (g_strcmp0(use, "tag-only") == 0)
    table->use = KSLURM_MIRROR_TAGS;
}

static void
take_value(Table *table, const char *key, const char *value)
{
  if (g_str_equal(key, "prefix") || g_str_equal(key, "location")) {
    char **field = key[0] == 'p' ? &table->prefix : &table->location;

    g_free(*field);
    *field = dup_string(value);
  } else if (g_str_equal(key, "insecure")) {
    table->insecure = is_true(value);
  } else if (g_str_equal(key, "blocked")) {
    table->blocked = is_true(value);
  } else if (g_str_equal(key, "mirror-by-digest-only")) {
    table->only_digests = is_true(value);
  } else if (g_str_equal(key, "pull-from-mirror")) {
    set_use(table, value);
  }
}

/* gives whether a table begins here */
static gboolean
take_header(const char *line, Table *table)
{
  g_autofree char *bare = g_strndup(line, strcspn(line, "#"));
  g_auto(GStrv) words = g_strsplit_set(bare, " \t", -1);
  g_autofree char *name = g_strjoinv("", words);

  if (name[0] != '[')
    return FALSE;
  clear_table(table);
  table->mirror = g_str_equal(name, "[[registry.mirror]]");
  table->open = table->mirror || g_str_equal(name, "[[registry]]");
  return TRUE;
}

static void
take_line(const char *line, Table *table)
{
  const char *equals = strchr(line, '=');
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;

  if (equals == NULL || line[0] == '#' || !table->open)
    return;
  key = g_strstrip(g_strndup(line, (gsize)(equals - line)));
  value = g_strstrip(g_strdup(equals + 1));
  take_value(table, key, value);
}

/**
 * kslurm_mirrors_add_toml: (skip)
 * @mirrors: mirrors
 * @data: (array length=length): a registries.conf of podman's version 2
 * @length: in bytes, or -1 when @data ends with NUL
 * @error: return location
 *
 * Takes what such files say of registries and their mirrors; the rest is passed over.
 *
 * Returns: whether @data is text
 */
gboolean
kslurm_mirrors_add_toml(KslurmMirrors *mirrors,
                        const char *data,
                        gssize length,
                        GError **error)
{
  g_autofree char *text = g_utf8_validate(data, length, NULL)
                              ? g_strndup(data, length < 0 ? strlen(data) : (gsize)length)
                              : NULL;
  g_auto(GStrv) lines = text != NULL ? g_strsplit(text, "\n", -1) : NULL;
  KslurmMirrorRule *rule = NULL;
  g_auto(Table) table = {FALSE};

  if (lines == NULL) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT, _("this is no text"));
    return FALSE;
  }
  for (gsize i = 0; lines[i] != NULL; i++) {
    const char *line = g_strstrip(lines[i]);

    if (line[0] == '[')
      rule = end_table(mirrors, rule, &table);
    if (!take_header(line, &table))
      take_line(line, &table);
  }
  end_table(mirrors, rule, &table);
  return TRUE;
}
