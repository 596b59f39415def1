/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-facts-private.h"

#include <glib/gi18n-lib.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-json.h"
#include "base/util/kslurm-text.h"

#define VERSION 1

static void
add_string(JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid(value, -1) : NULL;

  json_builder_set_member_name(builder, name);
  /* who reads them takes nothing else */
  if (valid != NULL && kslurm_text_is_line(valid))
    json_builder_add_string_value(builder, valid);
  else
    json_builder_add_null_value(builder);
}

static void
add_strings(JsonBuilder *builder, const char *name, char **values)
{
  json_builder_set_member_name(builder, name);
  json_builder_begin_array(builder);
  for (gsize i = 0; values != NULL && values[i] != NULL; i++)
    if (g_utf8_validate(values[i], -1, NULL))
      json_builder_add_string_value(builder, values[i]);
  json_builder_end_array(builder);
}

/* a list that is not whole is worth less than none: who loads must search then */
static gboolean
has_hits(const KslurmVenvFacts *facts)
{
  if (facts->hits == NULL)
    return FALSE;
  for (gsize i = 0; facts->hits[i] != NULL; i++)
    if (!g_utf8_validate(facts->hits[i], -1, NULL))
      return FALSE;
  return TRUE;
}

static void
add_number(JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, value);
}

/**
 * kslurm_venv_facts_to_node: (skip)
 * @facts: facts
 *
 * Returns: (transfer full): the facts as a JSON object
 */
JsonNode *
kslurm_venv_facts_to_node(const KslurmVenvFacts *facts)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();

  json_builder_begin_object(builder);
  add_number(builder, "version", VERSION);
  add_string(builder, "name", facts->name);
  add_string(builder, "python", facts->python);
  add_string(builder, "machine", facts->machine);
  add_string(builder, "base", facts->base);
  add_strings(builder, "places", facts->places);
  add_strings(builder, "packages", facts->packages);
  if (has_hits(facts))
    add_strings(builder, "hits", facts->hits);
  else
    add_string(builder, "hits", NULL);
  add_number(builder, "bytes", (gint64)MIN(facts->bytes, G_MAXINT64));
  add_number(builder, "files", (gint64)MIN(facts->files, G_MAXINT64));
  add_number(builder, "created", facts->created);
  json_builder_end_object(builder);
  return json_builder_get_root(builder);
}

/**
 * kslurm_venv_facts_to_json: (skip)
 * @facts: facts
 *
 * Returns: (transfer full): the facts as JSON; hits that are no UTF-8 become unknown
 */
char *
kslurm_venv_facts_to_json(const KslurmVenvFacts *facts)
{
  g_autoptr(JsonNode) node = kslurm_venv_facts_to_node(facts);

  return json_to_string(node, FALSE);
}

/* a terminal, a table or a shell may get to see it */
static gboolean
take_line(JsonObject *object, const char *name, char **line)
{
  const char *text = NULL;

  if (!kslurm_json_get_string(object, name, &text) ||
      (text != NULL && !kslurm_text_is_line(text)))
    return FALSE;
  *line = g_strdup(text);
  return TRUE;
}

/* GLib keeps two slashes in front, which POSIX allows to mean something */
static gboolean
is_place(const char *text)
{
  g_autofree char *canonical = g_canonicalize_filename(text, "/");

  return g_str_equal(text, canonical) && text[0] == '/' && text[1] != '/' &&
         text[1] != '\0';
}

static gboolean
is_hit(const char *text)
{
  g_autofree char *absolute = g_strconcat("/", text, NULL);

  return is_place(absolute);
}

static gboolean
all_are(char **values, gboolean (*check)(const char *text))
{
  for (gsize i = 0; values != NULL && values[i] != NULL; i++)
    if (!check(values[i]))
      return FALSE;
  return TRUE;
}

static gboolean
take_all(JsonObject *object, KslurmVenvFacts *facts)
{
  guint64 created = 0;

  if (!take_line(object, "name", &facts->name) ||
      !take_line(object, "python", &facts->python) ||
      !take_line(object, "machine", &facts->machine) ||
      !take_line(object, "base", &facts->base) ||
      !kslurm_json_dup_strings(object, "places", &facts->places) ||
      !kslurm_json_dup_strings(object, "packages", &facts->packages) ||
      !kslurm_json_dup_strings(object, "hits", &facts->hits) ||
      !kslurm_json_get_size(object, "bytes", &facts->bytes) ||
      !kslurm_json_get_size(object, "files", &facts->files) ||
      !kslurm_json_get_size(object, "created", &created))
    return FALSE;
  facts->created = (gint64)created;
  return facts->python != NULL && facts->machine != NULL && facts->places != NULL &&
         facts->packages != NULL && all_are(facts->places, is_place) &&
         all_are(facts->packages, kslurm_text_is_line) && all_are(facts->hits, is_hit);
}

/**
 * kslurm_venv_facts_from_object: (skip)
 * @object: what should be facts
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the facts, or %NULL with @error set
 */
KslurmVenvFacts *
kslurm_venv_facts_from_object(JsonObject *object, GError **error)
{
  g_autoptr(KslurmVenvFacts) facts = g_new0(KslurmVenvFacts, 1);
  guint64 version = 0;

  if (kslurm_json_get_size(object, "version", &version) && version > VERSION) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                        _("what is known about this environment was written by a newer "
                          "kslurm"));
    return NULL;
  }
  if (version == VERSION && take_all(object, facts))
    return g_steal_pointer(&facts);
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                      _("what is known about this environment is damaged"));
  return NULL;
}

/**
 * kslurm_venv_facts_from_json: (skip)
 * @data: (array length=length): bytes from an archive, perhaps a hostile one
 * @length: in bytes, or -1 when @data ends with NUL
 * @error: return location
 *
 * Gives only facts that fulfil what #KslurmVenvFacts says: lines are lines, places are
 * absolute, hits stay inside.
 *
 * Returns: (transfer full) (nullable): the facts, or %NULL with @error set
 */
KslurmVenvFacts *
kslurm_venv_facts_from_json(const char *data, gssize length, GError **error)
{
  g_autoptr(JsonNode) root = kslurm_json_parse(data, length, error);

  return root != NULL ? kslurm_venv_facts_from_object(json_node_get_object(root), error)
                      : NULL;
}
