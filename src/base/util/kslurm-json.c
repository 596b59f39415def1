/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"

#define MAX_DEPTH 32

/* json-glib before 1.10 recurses as deep as the text says, and past the end of the stack;
 * the comments and single quotes that it takes, unlike JSON, could hide the depth */
static gboolean
is_shallow(const char *data, gsize length)
{
  gboolean quoted = FALSE;
  int depth = 0;

  for (gsize i = 0; i < length; i++) {
    if (quoted && data[i] == '\\')
      i++;
    else if (data[i] == '"')
      quoted = !quoted;
    else if (!quoted && (data[i] == '[' || data[i] == '{'))
      depth++;
    else if (!quoted && (data[i] == ']' || data[i] == '}'))
      depth--;
    else if (!quoted && (data[i] == '/' || data[i] == '\'' || data[i] == '#'))
      return FALSE;
    if (depth > MAX_DEPTH)
      return FALSE;
  }
  return TRUE;
}

/**
 * kslurm_json_parse: (skip)
 * @data: (array length=length): bytes from anywhere
 * @length: in bytes, or -1 when @data ends with NUL
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the object that @data is, or %NULL with
 *   %KSLURM_ERROR_CORRUPT set
 */
JsonNode *
kslurm_json_parse(const char *data, gssize length, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  gsize size = length < 0 ? strlen(data) : (gsize)length;
  JsonNode *root = NULL;

  if (size <= G_MAXSSIZE && g_utf8_validate(data, (gssize)size, NULL) &&
      is_shallow(data, size) &&
      json_parser_load_from_data(parser, data, (gssize)size, NULL))
    root = json_parser_get_root(parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                        _("this is no JSON object"));
    return NULL;
  }
  return json_node_ref(root);
}

/* a member that is null is as good as absent */
static JsonNode *
get_member(JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member(object, name);

  return node == NULL || JSON_NODE_HOLDS_NULL(node) ? NULL : node;
}

/**
 * kslurm_json_get_object: (skip)
 * @object: an object
 * @name: a member
 * @value: (out) (nullable): the member, or %NULL when it is absent
 *
 * Returns: whether the member is absent or an object
 */
gboolean
kslurm_json_get_object(JsonObject *object, const char *name, JsonObject **value)
{
  JsonNode *node = get_member(object, name);
  gboolean right = node == NULL || JSON_NODE_HOLDS_OBJECT(node);

  *value = node != NULL && right ? json_node_get_object(node) : NULL;
  return right;
}

/**
 * kslurm_json_get_string: (skip)
 * @object: an object
 * @name: a member
 * @value: (out) (nullable): the member, or %NULL when it is absent
 *
 * Returns: whether the member is absent or a string
 */
gboolean
kslurm_json_get_string(JsonObject *object, const char *name, const char **value)
{
  JsonNode *node = get_member(object, name);
  gboolean right = node == NULL || json_node_get_value_type(node) == G_TYPE_STRING;

  *value = node != NULL && right ? json_node_get_string(node) : NULL;
  return right;
}

/**
 * kslurm_json_get_size: (skip)
 * @object: an object
 * @name: a member
 * @value: (out): the member, or 0 when it is absent
 *
 * Returns: whether the member is absent or a whole number that is not negative
 */
gboolean
kslurm_json_get_size(JsonObject *object, const char *name, guint64 *value)
{
  JsonNode *node = get_member(object, name);
  gboolean right = node == NULL || (json_node_get_value_type(node) == G_TYPE_INT64 &&
                                    json_node_get_int(node) >= 0);

  *value = node != NULL && right ? (guint64)json_node_get_int(node) : 0;
  return right;
}

/**
 * kslurm_json_dup_strings: (skip)
 * @object: an object
 * @name: a member
 * @value: (out) (nullable): the member, or %NULL when it is absent
 *
 * Returns: whether the member is absent or an array of strings
 */
gboolean
kslurm_json_dup_strings(JsonObject *object, const char *name, char ***value)
{
  g_autoptr(GStrvBuilder) strings = g_strv_builder_new();
  JsonNode *node = get_member(object, name);
  JsonArray *array = NULL;

  *value = NULL;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY(node))
    return FALSE;
  array = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(array); i++) {
    JsonNode *element = json_array_get_element(array, i);

    if (json_node_get_value_type(element) != G_TYPE_STRING)
      return FALSE;
    g_strv_builder_add(strings, json_node_get_string(element));
  }
  *value = g_strv_builder_end(strings);
  return TRUE;
}
