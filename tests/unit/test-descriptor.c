/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-descriptor.h"

#include <string.h>

#include "unit.h"

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define DIGEST "\"sha256:" HEX "\""

static KslurmDescriptor *
read_text(const char *text)
{
  g_autoptr(JsonNode) node = json_from_string(text, NULL);

  return kslurm_descriptor_from_object(json_node_get_object(node));
}

static void
test_read(void)
{
  g_autoptr(KslurmDescriptor) whole =
      read_text("{\"mediaType\":\"a/b\",\"digest\":" DIGEST ",\"size\":1,\"x\":[]}");
  g_autoptr(KslurmDescriptor) least = read_text("{\"digest\":" DIGEST ",\"size\":0}");

  g_assert_cmpstr(whole->type, ==, "a/b");
  g_assert_cmpstr(whole->digest, ==, "sha256:" HEX);
  g_assert_cmpuint(whole->size, ==, 1);
  g_assert_cmpstr(least->type, ==, "");
}

static void
test_refused(void)
{
  static const char *const texts[] = {
      "{}",
      "{\"digest\":" DIGEST "}",
      "{\"size\":1}",
      "{\"digest\":" DIGEST ",\"size\":281474976710657}",
      "{\"digest\":" DIGEST ",\"size\":\"1\"}",
      "{\"digest\":\"sha256:0\",\"size\":1}",
      "{\"digest\":1,\"size\":1}",
      "{\"digest\":" DIGEST ",\"size\":1,\"mediaType\":\"a b\"}",
      "{\"digest\":" DIGEST ",\"size\":1,\"mediaType\":[]}"};

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    g_assert_null(read_text(texts[i]));
}

static void
test_list(void)
{
  g_autoptr(JsonNode) node =
      json_from_string("{\"two\":[{\"digest\":" DIGEST ",\"size\":1},{\"digest\":" DIGEST
                       ",\"size\":2}],\"bad\":[{}],\"no\":{}}",
                       NULL);
  JsonObject *object = json_node_get_object(node);
  g_autoptr(GPtrArray) two = kslurm_descriptor_read_list(object, "two", 2);

  g_assert_cmpuint(two->len, ==, 2);
  g_assert_cmpuint(((KslurmDescriptor *)two->pdata[1])->size, ==, 2);
  g_assert_null(kslurm_descriptor_read_list(object, "two", 1));
  g_assert_null(kslurm_descriptor_read_list(object, "bad", 2));
  g_assert_null(kslurm_descriptor_read_list(object, "no", 2));
  g_assert_null(kslurm_descriptor_read_list(object, "absent", 2));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/descriptor/read", test_read);
  g_test_add_func("/descriptor/refused", test_refused);
  g_test_add_func("/descriptor/list", test_list);
  return g_test_run();
}
