/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-json.h"
#include "unit.h"

static void
test_members(void)
{
  g_autoptr(JsonNode) root = kslurm_json_parse(
      "{\"s\":\"t\",\"n\":7,\"neg\":-1,\"half\":0.5,\"a\":[\"x\",\"y\"],\"o\":{},"
      "\"mixed\":[\"x\",1],\"null\":null}",
      -1, NULL);
  JsonObject *object = json_node_get_object(root), *value = NULL;
  const char *text = NULL;
  guint64 size = 5;
  g_auto(GStrv) strings = NULL;
  char **others = NULL;

  g_assert_true(kslurm_json_get_string(object, "s", &text));
  g_assert_cmpstr(text, ==, "t");
  g_assert_false(kslurm_json_get_string(object, "n", &text));
  g_assert_true(kslurm_json_get_string(object, "null", &text));
  g_assert_null(text);
  g_assert_false(kslurm_json_get_size(object, "neg", &size));
  g_assert_false(kslurm_json_get_size(object, "half", &size));
  g_assert_false(kslurm_json_get_size(object, "s", &size));
  g_assert_true(kslurm_json_get_size(object, "absent", &size));
  g_assert_cmpuint(size, ==, 0);
  g_assert_true(kslurm_json_get_size(object, "n", &size));
  g_assert_cmpuint(size, ==, 7);
  g_assert_true(kslurm_json_get_object(object, "o", &value));
  g_assert_nonnull(value);
  g_assert_false(kslurm_json_get_object(object, "a", &value));
  g_assert_true(kslurm_json_dup_strings(object, "a", &strings));
  g_assert_cmpstr(strings[1], ==, "y");
  g_assert_false(kslurm_json_dup_strings(object, "mixed", &others));
  g_assert_false(kslurm_json_dup_strings(object, "o", &others));
  g_assert_null(others);
}

static void
test_damaged(void)
{
  g_autofree char *deep = unit_repeat("[", 300000);
  g_autofree char *deeper = unit_repeat("{\"a\":", 300000);
  g_autofree char *commented = g_strconcat("/*\"*/", deeper, NULL);
  g_autofree char *quoted = g_strconcat("{'\"':", deeper, NULL);
  const char *texts[] = {"",     " ",       "null",  "[]",           "{",
                         "{}{",  "\"s\"",   "{\"\\", "{\"\xff\":1}", deep,
                         deeper, commented, quoted};

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_json_parse(texts[i], -1, &error));
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
    g_assert_true(g_str_has_prefix(error->message, "this is no JSON object"));
  }
}

static void
test_brackets_in_strings(void)
{
  g_autofree char *many = unit_repeat("[", 100);
  g_autofree char *text = g_strdup_printf("{\"\\\"%s\":1}", many);
  g_autoptr(JsonNode) root = kslurm_json_parse(text, -1, NULL);

  g_assert_nonnull(root);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/json/members", test_members);
  g_test_add_func("/json/damaged", test_damaged);
  g_test_add_func("/json/brackets-in-strings", test_brackets_in_strings);
  return g_test_run();
}
