/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-refs.h"

#include <string.h>

#include "base/image/kslurm-descriptor.h"
#include "base/util/kslurm-error.h"
#include "unit.h"

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define DIGEST "sha256:" HEX

#define REF                                                                                \
  "{\"version\":1,\"uri\":\"docker://o/x:1\",\"platform\":\"arm64\",\"image\":\"" DIGEST   \
  "\",\"answer\":\"" DIGEST "\",\"manifest\":\"" DIGEST "\",\"config\":\"" DIGEST          \
  "\",\"validator\":\"W/\\\"a\\\"\",\"layers\":[{\"mediaType\":\"a/"                       \
  "b\",\"digest\":\"" DIGEST "\",\"size\":7}],\"time\":5}"

static void
test_round_trip(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmImageRef) ref = kslurm_image_ref_from_json(REF, -1, &error);
  g_autofree char *json = NULL;
  const KslurmDescriptor *layer = NULL;

  g_assert_no_error(error);
  g_assert_cmpstr(ref->uri, ==, "docker://o/x:1");
  g_assert_cmpstr(ref->validator, ==, "W/\"a\"");
  g_assert_cmpint(ref->time, ==, 5);
  g_assert_cmpuint(ref->layers->len, ==, 1);
  layer = ref->layers->pdata[0];
  g_assert_cmpstr(layer->type, ==, "a/b");
  g_assert_cmpuint(layer->size, ==, 7);
  json = kslurm_image_ref_to_json(ref);
  g_assert_cmpstr(json, ==, REF);
}

static void
test_hostile(void)
{
  static const char *const changes[][2] = {
      {"\"version\":1", "\"version\":2"},
      {"\"version\":1", "\"version\":\"1\""},
      {"docker://o/x:1", "docker://../x:1"},
      {"docker://o/x:1", "o/x:1"},
      {"\"docker://o/x:1\"", "null"},
      {"\"arm64\"", "\"../arm64\""},
      {"\"image\":\"" DIGEST "\"", "\"image\":null"},
      {"\"image\":\"sha256:", "\"image\":\"sha256:../"},
      {"\"answer\":\"sha256", "\"answer\":\"sha512"},
      {"W/\\\"a\\\"", "a\\r\\nX: y"},
      {"W/\\\"a\\\"", "\\u00e9"},
      {"\"size\":7", "\"size\":-7"},
      {"\"size\":7", "\"size\":9223372036854775807"},
      {"\"size\":7", "\"size\":7.5"},
      {"\"a/b\"", "\"a\\u001bb\""},
      {"\"layers\":[", "\"layers\":[1,"},
      {"\"layers\"", "\"l\""},
      {"\"time\":5", "\"time\":{}"}};

  for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
    g_autoptr(GString) text = g_string_new(REF);
    g_autoptr(GError) error = NULL;

    g_assert_cmpuint(g_string_replace(text, changes[i][0], changes[i][1], 1), ==, 1);
    g_assert_null(kslurm_image_ref_from_json(text->str, -1, &error));
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                      "what is known about this image is damaged");
  }
}

static KslurmImageRef *
read_ref(KslurmImageStore *store, const char *text, const char *platform)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(text, NULL);

  return kslurm_image_store_read_ref(store, reference, platform);
}

static void
test_store(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autoptr(KslurmImageStore) store = kslurm_image_store_new(folder);
  g_autoptr(KslurmReference) reference = kslurm_reference_parse("o/x:1", NULL);
  g_autoptr(KslurmImageRef) ref = kslurm_image_ref_from_json(REF, -1, NULL);
  g_autoptr(KslurmImageRef) read = NULL;

  g_assert_true(kslurm_image_store_prepare(store, NULL));
  g_assert_null(read_ref(store, "o/x:1", "arm64"));
  g_assert_true(kslurm_image_store_write_ref(store, reference, "arm64", ref, NULL));
  g_assert_null(read_ref(store, "o/x:1", NULL));
  g_assert_null(read_ref(store, "o/x:2", "arm64"));
  read = read_ref(store, "docker://docker.io/o/x:1", "arm64");
  g_assert_nonnull(read);
  g_assert_cmpstr(read->image, ==, DIGEST);
  /* a file of another image under this one's name */
  g_assert_true(kslurm_image_store_write_ref(store, reference, NULL, ref, NULL));
  g_assert_null(read_ref(store, "o/x:1", NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-store-refs/round-trip", test_round_trip);
  g_test_add_func("/image-store-refs/hostile", test_hostile);
  g_test_add_func("/image-store-refs/store", test_store);
  return g_test_run();
}
