/* SPDX-License-Identifier: MIT */
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/image/kslurm-image-store-aliases.h"
#include "base/image/kslurm-image-store-names.h"
#include "base/util/kslurm-error.h"

/* the cases of the older kslurm; where we do better on purpose, 'ours' says how */

static const char *
get_wanted(JsonObject *object, const char *name, const char *older)
{
  JsonObject *ours = json_object_get_object_member(object, "ours");

  if (ours != NULL && json_object_has_member(ours, name))
    return json_object_get_string_member(ours, name);
  return json_object_get_string_member_with_default(object, older, NULL);
}

static void
check_names(JsonObject *object, const KslurmReference *reference, const char *given)
{
  const char *wants =
      json_object_get_string_member_with_default(object, "snakemake_wants", NULL);
  g_autofree char *link = kslurm_image_names_dup_link(reference, NULL);
  g_auto(GStrv) forms = kslurm_image_names_list_forms(reference, given);
  gboolean found = wants == NULL;

  g_assert_cmpstr(link, ==, get_wanted(object, "uri_path", "uri_path"));
  for (gsize i = 0; forms[i] != NULL; i++) {
    g_autofree char *name = kslurm_image_names_dup_snakemake(forms[i]);

    found = found || g_str_equal(name, wants);
  }
  g_assert_true(found);
}

static void
check_alias(JsonObject *object, JsonObject *ours, const char *given)
{
  gboolean better = ours != NULL && json_object_has_member(ours, "may_be_alias");

  g_assert_cmpint(kslurm_image_alias_check(given, NULL), ==,
                  json_object_get_boolean_member(better ? ours : object, "may_be_alias"));
}

static void
check_case(gconstpointer data)
{
  JsonObject *object = json_node_get_object((JsonNode *)data);
  const char *given = json_object_get_string_member(object, "given");
  JsonObject *ours = json_object_get_object_member(object, "ours");
  gboolean refused = ours != NULL && json_object_has_member(ours, "error");
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(given, &error);
  g_autofree char *form = NULL;

  check_alias(object, ours, given);
  if (refused) {
    g_assert_null(reference);
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_USAGE);
    g_assert_cmpstr(error->message, ==, json_object_get_string_member(ours, "error"));
    return;
  }
  g_assert_no_error(error);
  form = kslurm_reference_to_string(reference);
  g_assert_cmpstr(form, ==, get_wanted(object, "uri", "listed_as"));
  check_names(object, reference, given);
}

static JsonNode *
parse(const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = json_from_string(text, &error);

  g_assert_no_error(error);
  /* json-glib warns of an absent object */
  if (!json_object_has_member(json_node_get_object(node), "ours"))
    json_object_set_null_member(json_node_get_object(node), "ours");
  return node;
}

int
main(int argc, char **argv)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GPtrArray) cases =
      g_ptr_array_new_with_free_func((GDestroyNotify)json_node_unref);

  g_test_init(&argc, &argv, NULL);
  path = g_test_build_filename(G_TEST_DIST, "uris.jsonl", NULL);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  lines = g_strsplit(g_strchomp(text), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_autofree char *name = g_strdup_printf("/uris/%u", i + 1);

    g_ptr_array_add(cases, parse(lines[i]));
    g_test_add_data_func(name, cases->pdata[i], check_case);
  }
  return g_test_run();
}
