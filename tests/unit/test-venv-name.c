/* SPDX-License-Identifier: MIT */
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-name.h"
#include "unit.h"

/* what the older kslurm did, and where that was wrong what we do */
static void
check_vector(gconstpointer data)
{
  JsonObject *object = (JsonObject *)data;
  gboolean ours = json_object_has_member(object, "ours");
  JsonObject *want = ours ? json_object_get_object_member(object, "ours") : object;
  g_autoptr(GError) error = NULL;
  gboolean valid =
      kslurm_venv_name_check(json_object_get_string_member(object, "name"), &error);

  g_assert_cmpint(valid, ==, json_object_get_boolean_member(want, "valid"));
  g_assert_true(valid || g_error_matches(error, KSLURM_ERROR, KSLURM_ERROR_USAGE));
}

static void
test_messages(void)
{
  g_autofree char *longest = unit_repeat("é", 64);
  g_autofree char *longer = unit_repeat("a", 129);
  const char *cases[][2] = {
      {"", "the name of an environment is empty"},
      {"..", "'..' cannot be the name of an environment"},
      {"a/b", "'a/b' cannot be the name of an environment: it may have letters, digits, "
              "'.', '_', '-' and blanks"},
      {"\033[2J", "'[2J' cannot be the name of an environment: it may have letters, "
                  "digits, '.', '_', '-' and blanks"},
      {"\xff", "'\xef\xbf\xbd' cannot be the name of an environment: it may have letters, "
               "digits, '.', '_', '-' and blanks"},
      {"env.tar.zst",
       "'env.tar.zst' is the name of a file; give the environment's, without '.tar.zst'"},
      {"env.tar.gz",
       "'env.tar.gz' is the name of a file; give the environment's, without '.tar.gz'"},
      {longer, "the name of an environment has at most 128 bytes"},
      {longest, NULL},
      {"e\xcc\x81nv", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(kslurm_venv_name_check(cases[i][0], &error), ==, cases[i][1] == NULL);
    unit_assert_usage(error, cases[i][1]);
  }
}

static void
test_free(void)
{
  static const char *const none[] = {NULL};
  static const char *const some[] = {"venv1", "venv", "venv3", NULL};
  g_autofree char *first = kslurm_venv_name_dup_free(none);
  g_autofree char *third = kslurm_venv_name_dup_free(some);

  g_assert_cmpstr(first, ==, "venv");
  g_assert_cmpstr(third, ==, "venv2");
}

static void
add_vectors(JsonArray *cases)
{
  for (guint i = 0; i < json_array_get_length(cases); i++) {
    g_autofree char *path = g_strdup_printf("/venv-name/vectors/%u", i);

    g_test_add_data_func(path, json_array_get_object_element(cases, i), check_vector);
  }
}

int
main(int argc, char **argv)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *array = NULL;
  g_autoptr(JsonNode) root = NULL;

  g_test_init(&argc, &argv, NULL);
  path = g_test_build_filename(G_TEST_DIST, "names.jsonl", NULL);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  lines = g_strsplit(g_strchomp(text), "\n", -1);
  joined = g_strjoinv(",", lines);
  array = g_strdup_printf("[%s]", joined);
  root = json_from_string(array, NULL);
  g_assert_cmpuint(json_array_get_length(json_node_get_array(root)), ==, 22);
  add_vectors(json_node_get_array(root));
  g_test_add_func("/venv-name/messages", test_messages);
  g_test_add_func("/venv-name/free", test_free);
  return g_test_run();
}
