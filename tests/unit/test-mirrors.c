/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-mirrors.h"

#include <glib/gstdio.h>

#include "base/util/kslurm-error.h"
#include "unit.h"

#define CONF                                                                               \
  "unqualified-search-registries = [\"docker.io\"]\n"                                      \
  "[[registry]]\n"                                                                         \
  "prefix = \"docker.io\" # all of it\n"                                                   \
  "location = 'docker.io'\n"                                                               \
  "[[registry.mirror]]\n"                                                                  \
  "location = \"cache.example.org:5000/hub\"\n"                                            \
  "insecure = true\n"                                                                      \
  "[[registry.mirror]]\n"                                                                  \
  "location=\"fixed.example.org\"\n"                                                       \
  "pull-from-mirror = \"digest-only\"\n"                                                   \
  "[[ registry . mirror ]]\n"                                                              \
  "location=\"moving.example.org\"\n"                                                      \
  "pull-from-mirror = \"tag-only\"\n"                                                      \
  "[[registry.mirror]]\n"                                                                  \
  "location = \"../etc\"\n"                                                                \
  "[[registry]]\n"                                                                         \
  "prefix = \"docker.io/lab\"\n"                                                           \
  "location = \"lab.example.org/images\"\n"                                                \
  "[[registry]]\n"                                                                         \
  "location = \"evil.example.org\"\n"                                                      \
  "blocked = true\n"                                                                       \
  "[[registry]]\n"                                                                         \
  "prefix = \"*.wild.org\"\n"                                                              \
  "mirror-by-digest-only = true\n"                                                         \
  "[[registry.mirror]]\n"                                                                  \
  "location = \"tame.org/wild\"\n"                                                         \
  "[aliases]\n"                                                                            \
  "location = \"of.nothing\"\n"

#define DIGEST "sha256:0123456789012345678901234567890123456789012345678901234567890123"

static char *
list(const KslurmMirrors *mirrors, const char *text)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(text, NULL);
  g_autoptr(GPtrArray) places = kslurm_mirrors_list_places(mirrors, reference);
  GString *line = g_string_new(NULL);

  for (guint i = 0; i < places->len; i++) {
    const KslurmPlace *place = places->pdata[i];

    g_string_append_printf(line, "%s%s%s/%s", i > 0 ? " " : "", place->mirror ? "~" : "",
                           place->host, place->repository);
  }
  return g_string_free(line, FALSE);
}

static const struct {
  const char *reference, *places;
} cases[] = {
    {"busybox", "~cache.example.org:5000/hub/library/busybox "
                "~moving.example.org/library/busybox docker.io/library/busybox"},
    {"busybox@" DIGEST, "~cache.example.org:5000/hub/library/busybox "
                        "~fixed.example.org/library/busybox docker.io/library/busybox"},
    {"lab/app", "lab.example.org/images/app"},
    {"labs/app", "~cache.example.org:5000/hub/labs/app ~moving.example.org/labs/app "
                 "docker.io/labs/app"},
    {"evil.example.org/x", ""},
    {"quay.io/x/y", "quay.io/x/y"},
    {"a.wild.org/x", "a.wild.org/x"},
    {"a.b.wild.org/x@" DIGEST, "~tame.org/wild/x a.b.wild.org/x"},
    {"wild.org/x@" DIGEST, "wild.org/x"}};

static void
test_toml(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmMirrors) mirrors = kslurm_mirrors_new();

  g_assert_true(kslurm_mirrors_add_toml(mirrors, CONF, -1, &error));
  g_assert_no_error(error);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *places = list(mirrors, cases[i].reference);

    g_assert_cmpstr(places, ==, cases[i].places);
  }
  g_assert_true(kslurm_mirrors_is_plain(mirrors, "Cache.example.org:5000"));
  g_assert_false(kslurm_mirrors_is_plain(mirrors, "cache.example.org"));
  g_assert_false(kslurm_mirrors_is_plain(mirrors, "docker.io"));
  g_assert_false(kslurm_mirrors_add_toml(mirrors, "\xff", 1, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
}

static void
test_config(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmMirrors) mirrors = kslurm_mirrors_new();
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *places = NULL;

  kslurm_config_override(config, "mirror.docker.io", "one.org:5000/hub, two.org", "test");
  kslurm_config_override(config, "http-registries", "one.org:5000 node7:5000", "test");
  g_assert_true(kslurm_mirrors_add_config(mirrors, config, &error));
  g_assert_no_error(error);
  places = list(mirrors, "busybox");
  g_assert_cmpstr(places, ==,
                  "~one.org:5000/hub/library/busybox ~two.org/library/busybox "
                  "docker.io/library/busybox");
  g_assert_true(kslurm_mirrors_is_plain(mirrors, "node7:5000"));
  g_assert_false(kslurm_mirrors_is_plain(mirrors, "two.org"));

  kslurm_config_override(config, "mirror.docker.io", "https://one.org", "test");
  g_assert_false(kslurm_mirrors_add_config(mirrors, config, &error));
  unit_assert_usage(error, "'mirror.docker.io' names 'https://one.org', which is no "
                           "registry");
}

static void
test_load(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *folder =
      g_build_filename(g_get_user_config_dir(), "containers", "registries.conf.d", NULL);
  g_autofree char *own = g_path_get_dirname(folder);
  g_autoptr(KslurmMirrors) mirrors = NULL;
  g_autofree char *places = NULL;

  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  unit_write(own, "registries.conf",
             "[[registry]]\nlocation = \"quay.io\"\n"
             "[[registry.mirror]]\nlocation = \"third.org\"\n");
  unit_write(folder, "b.conf",
             "[[registry]]\nlocation = \"quay.io\"\n"
             "[[registry.mirror]]\nlocation = \"fifth.org\"\n");
  unit_write(folder, "a.conf",
             "[[registry]]\nlocation = \"quay.io\"\n"
             "[[registry.mirror]]\nlocation = \"fourth.org\"\n");
  unit_write(folder, "c.txt", "\xff");
  kslurm_config_override(config, "mirror.quay.io", "first.org second.org", "test");
  mirrors = kslurm_mirrors_load(config, &error);
  g_assert_no_error(error);
  places = list(mirrors, "quay.io/x/y");
  g_assert_cmpstr(places, ==,
                  "~first.org/x/y ~second.org/x/y ~third.org/x/y ~fourth.org/x/y "
                  "~fifth.org/x/y quay.io/x/y");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/mirrors/toml", test_toml);
  g_test_add_func("/mirrors/config", test_config);
  g_test_add_func("/mirrors/load", test_load);
  return g_test_run();
}
