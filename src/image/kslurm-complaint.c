/* SPDX-License-Identifier: MIT */
#include "image/kslurm-complaint.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base/image/kslurm-image-json.h"
#include "base/util/kslurm-json.h"
#include "base/util/kslurm-text.h"

#define MAX_SHOWN 300
#define MAX_COMPLAINTS 4

/* one line, not long, and nothing a terminal obeys */
static char *
dup_shown(const char *text)
{
  g_autofree char *clean = kslurm_text_clean(text);
  g_auto(GStrv) words = g_strsplit_set(clean, " \t\n", -1);
  GString *shown = g_string_new(NULL);

  for (gsize i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_string_append_printf(shown, "%s%s", shown->len > 0 ? " " : "", words[i]);
  if (g_utf8_strlen(shown->str, -1) > MAX_SHOWN) {
    g_string_truncate(
        shown, (gsize)(g_utf8_offset_to_pointer(shown->str, MAX_SHOWN) - shown->str));
    g_string_append(shown, "…");
  }
  while (shown->len > 0 && shown->str[shown->len - 1] == '.')
    g_string_truncate(shown, shown->len - 1);
  return g_string_free(shown, shown->len == 0);
}

static const char *
get_text(JsonObject *object, const char *name)
{
  const char *text = NULL;

  return kslurm_json_get_string(object, name, &text) ? text : NULL;
}

static const char *
get_first(JsonObject *object, const char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++) {
    const char *text = get_text(object, names[i]);

    if (text != NULL && text[0] != '\0')
      return text;
  }
  return NULL;
}

/* {"errors": [{"code": …, "message": …, "detail": …}]} */
static char *
dup_list(JsonArray *errors)
{
  static const char *const names[] = {"message", "detail", "code", NULL};
  g_autoptr(GPtrArray) texts = g_ptr_array_new();
  guint count = MIN(json_array_get_length(errors), MAX_COMPLAINTS);

  for (guint i = 0; i < count; i++) {
    JsonNode *node = json_array_get_element(errors, i);
    const char *text =
        JSON_NODE_HOLDS_OBJECT(node) ? get_first(json_node_get_object(node), names) : NULL;

    if (text != NULL && !g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
      g_ptr_array_add(texts, (char *)text);
  }
  g_ptr_array_add(texts, NULL);
  return g_strjoinv("; ", (char **)texts->pdata);
}

/**
 * kslurm_complaint_dup: (skip)
 * @data: (array length=length): the body of an answer that is no success
 * @length: in bytes, or -1 when @data ends with NUL
 *
 * Finds the server's own words in what registries and token servers send.
 *
 * Returns: (transfer full) (nullable): the words, fit to be shown; %NULL when there are
 *   none, or a page for browsers
 */
char *
kslurm_complaint_dup(const char *data, gssize length)
{
  static const char *const names[] = {
      "details", "error_description", "message", "detail", "error", NULL};
  g_autoptr(JsonNode) root =
      kslurm_image_json_parse(data, length, KSLURM_COMPLAINT_LIMIT, NULL);
  JsonNode *errors =
      root != NULL ? json_object_get_member(json_node_get_object(root), "errors") : NULL;
  g_autofree char *list = NULL;
  g_autofree char *plain = NULL;

  if (errors != NULL && JSON_NODE_HOLDS_ARRAY(errors)) {
    list = dup_list(json_node_get_array(errors));
    return dup_shown(list);
  }
  if (root != NULL) {
    const char *text = get_first(json_node_get_object(root), names);

    return text != NULL ? dup_shown(text) : NULL;
  }
  plain = g_strndup(data, length < 0 ? strlen(data) : (gsize)length);
  if (strchr(plain, '<') != NULL || strchr(plain, '{') != NULL)
    return NULL;
  return dup_shown(plain);
}
