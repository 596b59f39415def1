/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-config.h"

#include "base/util/kslurm-error.h"
#include "unit.h"

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define CONFIG                                                                             \
  "{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\",\"config\":{"           \
  "\"User\":\"1000\",\"WorkingDir\":\"/w\",\"Env\":[\"A=b c\"],\"Entrypoint\":[\"/e\"],"   \
  "\"Cmd\":null,\"Labels\":{\"org.x\":\"y\"}},\"rootfs\":{\"type\":\"layers\","            \
  "\"diff_ids\":[\"sha256:" HEX "\"]}}"

static void
test_whole(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmImageConfig) config = kslurm_image_config_parse(CONFIG, -1, &error);

  g_assert_no_error(error);
  g_assert_cmpstr(config->arch, ==, "arm64");
  g_assert_cmpstr(config->variant, ==, "v8");
  g_assert_cmpstr(config->user, ==, "1000");
  g_assert_cmpstr(config->directory, ==, "/w");
  g_assert_cmpstr(config->environ[0], ==, "A=b c");
  g_assert_cmpstr(config->entrypoint[0], ==, "/e");
  g_assert_null(config->command);
  g_assert_cmpstr(g_hash_table_lookup(config->labels, "org.x"), ==, "y");
  g_assert_cmpstr(config->diff_ids[0], ==, "sha256:" HEX);
  g_assert_null(config->diff_ids[1]);
}

static void
test_least(void)
{
  g_autoptr(KslurmImageConfig) config =
      kslurm_image_config_parse("{\"rootfs\":{\"diff_ids\":[]}}", -1, NULL);

  g_assert_cmpstr(config->os, ==, "linux");
  g_assert_cmpstr(config->arch, ==, "unknown");
  g_assert_null(config->environ[0]);
  g_assert_cmpuint(g_hash_table_size(config->labels), ==, 0);
}

static void
test_hostile(void)
{
  static const char *const changes[][2] = {{"sha256:", "sha256:../"},
                                           {"\"diff_ids\"", "\"d\""},
                                           {"\"rootfs\":{", "\"r\":{"},
                                           {"[\"A=b c\"]", "\"A\""},
                                           {"[\"/e\"]", "[1]"},
                                           {"\"1000\"", "1000"},
                                           {"\"y\"", "{}"},
                                           {"\"config\":{", "\"config\":[],\"c\":{"},
                                           {"\"arm64\"", "[]"}};

  for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
    g_autoptr(GString) text = g_string_new(CONFIG);
    g_autoptr(GError) error = NULL;

    g_assert_cmpuint(g_string_replace(text, changes[i][0], changes[i][1], 1), ==, 1);
    g_assert_null(kslurm_image_config_parse(text->str, -1, &error));
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                      "the image's config is damaged");
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-config/whole", test_whole);
  g_test_add_func("/image-config/least", test_least);
  g_test_add_func("/image-config/hostile", test_hostile);
  return g_test_run();
}
