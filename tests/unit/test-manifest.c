/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-manifest.h"

#include <string.h>

#include "base/util/kslurm-error.h"
#include "unit.h"

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85"
#define DIGEST(n) "\"sha256:" HEX #n "\""
#define BLOB(type, n)                                                                      \
  "{\"mediaType\":\"" type "\",\"digest\":" DIGEST(n) ",\"size\":" #n "}"
#define OCI "application/vnd.oci.image."
#define DOCKER "application/vnd.docker.distribution.manifest."
#define IMAGE                                                                              \
  "{\"schemaVersion\":2,\"mediaType\":\"" OCI                                              \
  "manifest.v1+json\",\"config\":" BLOB(OCI "config.v1+json", 1) ",\"layers\":[" BLOB(     \
      OCI "layer.v1.tar+gzip", 2) "," BLOB(OCI "layer.v1.tar+zstd",                        \
                                           3) "],\"annotations\":{\"a\":\"b\"}}"
#define ROW(n, platform)                                                                   \
  "{\"mediaType\":\"" OCI                                                                  \
  "manifest.v1+json\",\"digest\":" DIGEST(n) ",\"size\":9,\"platform\":{" platform "}}"
#define LINUX(arch) "\"os\":\"linux\",\"architecture\":\"" arch "\""
#define VARIANT(arch, variant) LINUX(arch) ",\"variant\":\"" variant "\""
#define INDEX(rows) "{\"schemaVersion\":2,\"manifests\":[" rows "]}"

static void
test_image(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmManifest) manifest = kslurm_manifest_parse(IMAGE, -1, NULL, &error);
  const KslurmDescriptor *layer = NULL;

  g_assert_no_error(error);
  g_assert_false(kslurm_manifest_is_index(manifest));
  g_assert_cmpstr(manifest->type, ==, OCI "manifest.v1+json");
  g_assert_cmpstr(manifest->config->digest, ==, "sha256:" HEX "1");
  g_assert_cmpuint(manifest->layers->len, ==, 2);
  layer = manifest->layers->pdata[1];
  g_assert_cmpstr(layer->digest, ==, "sha256:" HEX "3");
  g_assert_cmpint(kslurm_layer_kind(layer->type), ==, KSLURM_LAYER_ZSTD);
  g_assert_cmpuint(kslurm_manifest_get_size(manifest), ==, 5);
}

static void
test_types(void)
{
  static const struct {
    const char *own, *server, *type;
  } cases[] = {
      {"", NULL, OCI "manifest.v1+json"},
      {"", "text/plain", OCI "manifest.v1+json"},
      {"", DOCKER "v2+json; charset=utf-8", DOCKER "v2+json"},
      {"\"mediaType\":\"" DOCKER "v2+json\",", OCI "manifest.v1+json", DOCKER "v2+json"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        "{\"schemaVersion\":2,%s\"config\":" BLOB("x", 1) ",\"layers\":[]}", cases[i].own);
    g_autoptr(KslurmManifest) manifest =
        kslurm_manifest_parse(text, -1, cases[i].server, NULL);

    g_assert_nonnull(manifest);
    g_assert_cmpstr(manifest->type, ==, cases[i].type);
  }
}

static void
test_kinds(void)
{
  static const struct {
    const char *type;
    KslurmLayerKind kind;
  } cases[] = {{"application/vnd.docker.image.rootfs.diff.tar.gzip", KSLURM_LAYER_GZIP},
               {OCI "layer.v1.tar", KSLURM_LAYER_TAR},
               {"application/vnd.sylabs.sif.layer.v1.sif", KSLURM_LAYER_SIF},
               {OCI "layer.v1.tar+encrypted", KSLURM_LAYER_UNKNOWN},
               {"", KSLURM_LAYER_UNKNOWN}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpint(kslurm_layer_kind(cases[i].type), ==, cases[i].kind);
}

static const struct {
  const char *old, *new;
  int code;
} changes[] = {{"\"schemaVersion\":2", "\"schemaVersion\":1", KSLURM_ERROR_UNSUPPORTED},
               {"\"schemaVersion\":2", "\"schemaVersion\":3", KSLURM_ERROR_CORRUPT},
               {"\"schemaVersion\":2", "\"x\":2", KSLURM_ERROR_CORRUPT},
               {"image.manifest.v1+json", "image.other.v1+json", KSLURM_ERROR_UNSUPPORTED},
               {"image.manifest.v1+json", "image.index.v1+json", KSLURM_ERROR_CORRUPT},
               {"\"annotations\":{}", "\"manifests\":[]", KSLURM_ERROR_CORRUPT},
               {"\"layers\":[", "\"layers\":[1,", KSLURM_ERROR_CORRUPT},
               {"\"layers\"", "\"l\"", KSLURM_ERROR_CORRUPT},
               {"\"config\":{", "\"c\":{", KSLURM_ERROR_CORRUPT},
               {"sha256:" HEX "1", "sha256:../" HEX, KSLURM_ERROR_CORRUPT},
               {"sha256:" HEX "2", "sha512:" HEX "2", KSLURM_ERROR_CORRUPT},
               {"\"size\":2", "\"size\":-2", KSLURM_ERROR_CORRUPT},
               {"\"size\":2", "\"size\":1e9", KSLURM_ERROR_CORRUPT}};

static void
test_hostile(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
    g_autoptr(GString) text = g_string_new(IMAGE);
    g_autoptr(GError) error = NULL;

    g_string_replace(text, "{\"a\":\"b\"}", "{}", 1);
    g_assert_cmpuint(g_string_replace(text, changes[i].old, changes[i].new, 1), ==, 1);
    g_assert_null(kslurm_manifest_parse(text->str, -1, NULL, &error));
    g_assert_error(error, KSLURM_ERROR, changes[i].code);
  }
}

static void
test_large(void)
{
  g_autofree char *blank = g_strnfill(100 * 1024 * 1024, ' ');
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_manifest_parse(blank, -1, NULL, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED);
}

static const struct {
  const char *rows, *platform, *chosen;
} choices[] = {
    {ROW(1, LINUX("amd64")) "," ROW(2, LINUX("arm64")), "amd64", "1"},
    {ROW(1, LINUX("amd64")) "," ROW(2, VARIANT("arm64", "v8")), "arm64", "2"},
    {ROW(1, VARIANT("arm", "v5")) "," ROW(2, VARIANT("arm", "v7")) "," ROW(
         3, VARIANT("arm", "v6")),
     "arm", "231"},
    {ROW(1, VARIANT("arm", "v5")) "," ROW(2, VARIANT("arm", "v7")) "," ROW(
         3, VARIANT("arm", "v6")),
     "arm/v6", "31"},
    {ROW(1, VARIANT("amd64", "v3")) "," ROW(2, LINUX("amd64")), "amd64", "2"},
    {ROW(1, VARIANT("amd64", "v3")) "," ROW(2, LINUX("amd64")), "amd64/v4", "12"},
    {ROW(1, "\"os\":\"windows\",\"architecture\":\"amd64\"") "," ROW(2, LINUX("amd64")),
     "amd64", "2"},
    {ROW(1, "\"os\":\"unknown\",\"architecture\":\"unknown\"") "," ROW(2, LINUX("amd64")),
     "amd64", "2"},
    {BLOB(OCI "index.v1+json", 1) "," ROW(2, LINUX("amd64")) "," BLOB(DOCKER "list.v2+json",
                                                                      3),
     "amd64", "213"},
    {BLOB(OCI "manifest.v1+json", 1), "amd64", "1"},
    {BLOB(OCI "manifest.v1+json", 1) "," BLOB(OCI "manifest.v1+json", 2), "amd64", NULL},
    {ROW(1, LINUX("arm64")), "amd64", NULL},
    {ROW(1, "\"architecture\":\"../amd64\"") "," ROW(2, "\"architecture\":[]"), "amd64",
     NULL},
    {"", "amd64", NULL}};

static void
test_choose(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(choices); i++) {
    g_autofree char *text = g_strdup_printf(INDEX("%s"), choices[i].rows);
    g_autoptr(KslurmManifest) manifest = kslurm_manifest_parse(text, -1, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) targets = NULL;
    g_autoptr(GString) chosen = g_string_new(NULL);

    g_assert_nonnull(manifest);
    g_assert_true(kslurm_manifest_is_index(manifest));
    targets = kslurm_manifest_choose(manifest, choices[i].platform, &error);
    if (choices[i].chosen == NULL)
      g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
    for (guint j = 0; targets != NULL && j < targets->len; j++) {
      const KslurmDescriptor *target = targets->pdata[j];

      g_string_append(chosen, target->digest + strlen(target->digest) - 1);
    }
    g_assert_cmpstr(chosen->str, ==, choices[i].chosen != NULL ? choices[i].chosen : "");
  }
}

static void
test_missing(void)
{
  g_autoptr(KslurmManifest) manifest = kslurm_manifest_parse(
      INDEX(ROW(1, LINUX("amd64")) "," ROW(2, VARIANT("arm", "v7")) "," ROW(
          3, "\"os\":\"windows\",\"architecture\":\"amd64\"")),
      -1, NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_manifest_choose(manifest, "riscv64", &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                    "the image is not made for 'riscv64'; it is there for: amd64, arm/v7, "
                    "windows/amd64");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/manifest/image", test_image);
  g_test_add_func("/manifest/types", test_types);
  g_test_add_func("/manifest/kinds", test_kinds);
  g_test_add_func("/manifest/hostile", test_hostile);
  g_test_add_func("/manifest/large", test_large);
  g_test_add_func("/manifest/choose", test_choose);
  g_test_add_func("/manifest/missing", test_missing);
  return g_test_run();
}
