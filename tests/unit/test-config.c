/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>

#include "base/config/kslurm-config.h"
#include "base/util/kslurm-error.h"

static gboolean
add(KslurmConfig *config, const char *origin, const char *text)
{
  return kslurm_config_add_data(config, origin, text, strlen(text), NULL);
}

static char *
dup_path(const char *name)
{
  return g_build_filename(g_get_user_config_dir(), "kslurm", name, NULL);
}

static void
write_file(const char *name, const char *text)
{
  g_autofree char *path = dup_path(name);
  g_autofree char *folder = g_path_get_dirname(path);

  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
test_layers(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();

  g_assert_null(kslurm_config_get(config, "account"));
  g_assert_true(add(config, "site", "[kslurm]\naccount=a\npipdir=/p\n[account]\ngpu=g\n"));
  g_assert_true(add(config, "user", "[kslurm]\naccount=b\npipdir=\n"));
  g_assert_cmpstr(kslurm_config_get(config, "account"), ==, "b");
  g_assert_cmpstr(kslurm_config_get_origin(config, "account"), ==, "user");
  g_assert_cmpstr(kslurm_config_get(config, "account.gpu"), ==, "g");
  g_assert_null(kslurm_config_get(config, "pipdir"));
  kslurm_config_override(config, "account", "c", "--account");
  g_assert_cmpstr(kslurm_config_get(config, "account"), ==, "c");
}

static void
test_list(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_auto(GStrv) all = NULL;
  g_auto(GStrv) some = NULL;

  add(config, "x", "[template]\nb=2\na=1\n[kslurm]\naccount=z\nempty=\n");
  all = kslurm_config_list_keys(config, NULL);
  some = kslurm_config_list_keys(config, "template.");
  g_assert_cmpuint(g_strv_length(all), ==, 3);
  g_assert_cmpstr(some[0], ==, "template.a");
  g_assert_cmpstr(some[1], ==, "template.b");
  g_assert_null(some[2]);
}

static void
test_hostile(void)
{
  static const char *const texts[] = {"[kslurm", "account=1\n", "[kslurm]\na=\xff\n",
                                      "[kslurm]\nno equals\n"};

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(KslurmConfig) config = kslurm_config_new();
    g_autoptr(GError) error = NULL;

    g_assert_false(
        kslurm_config_add_data(config, "/the/file", texts[i], strlen(texts[i]), &error));
    g_assert_nonnull(strstr(error->message, "/the/file"));
  }
}

static void
test_set(void)
{
  g_autoptr(KslurmConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = dup_path("config");
  g_autofree char *text = NULL;

  write_file("config", "# mine\n[kslurm]\n# why\naccount=a\n");
  g_assert_true(kslurm_config_save("account", "b", &error));
  g_assert_true(kslurm_config_save("template.Big", "16 64G", &error));
  g_assert_true(kslurm_config_save("pipdir", "/a b\n;=#\\ \"$(x)'", &error));
  config = kslurm_config_load(&error);
  g_assert_no_error(error);
  g_assert_cmpstr(kslurm_config_get(config, "account"), ==, "b");
  g_assert_cmpstr(kslurm_config_get(config, "template.Big"), ==, "16 64G");
  g_assert_cmpstr(kslurm_config_get(config, "pipdir"), ==, "/a b\n;=#\\ \"$(x)'");
  g_assert_cmpstr(kslurm_config_get_origin(config, "account"), ==, path);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_nonnull(strstr(text, "# mine"));
  g_assert_nonnull(strstr(text, "# why"));
  g_assert_true(kslurm_config_save("template.Big", NULL, &error));
  g_assert_false(kslurm_config_save("template.Big", NULL, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
}

static void
test_set_refuses(void)
{
  static const char *const pairs[][2] = {{"default.time", "soon"},
                                         {"default.cpus", "0"},
                                         {"gpu.style", "both"},
                                         {"bad key", "x"},
                                         {"[group]", "x"},
                                         {".x", "x"},
                                         {"x.", "x"},
                                         {"", "x"},
                                         {"account", "\xff"}};

  for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_false(kslurm_config_save(pairs[i][0], pairs[i][1], &error));
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_USAGE);
  }
}

static void
test_environment(void)
{
  g_autoptr(KslurmConfig) config = NULL;

  write_file("config", "[account]\ngpu=file\n");
  g_setenv("KSLURM_ACCOUNT_GPU", "variable", TRUE);
  g_setenv("KSLURM_NEVER_DECLARED", "x", TRUE);
  config = kslurm_config_load(NULL);
  g_unsetenv("KSLURM_ACCOUNT_GPU");
  g_assert_cmpstr(kslurm_config_get(config, "account.gpu"), ==, "variable");
  g_assert_cmpstr(kslurm_config_get_origin(config, "account.gpu"), ==,
                  "KSLURM_ACCOUNT_GPU");
  g_assert_null(kslurm_config_get(config, "never.declared"));
}

static void
test_takeover(void)
{
  g_autoptr(KslurmConfig) first = NULL;
  g_autoptr(KslurmConfig) second = NULL;

  write_file("config.json", "{\"account\": \"a\", \"account.cpu\": \"c\", \"n\": 3}");
  first = kslurm_config_load(NULL);
  g_assert_nonnull(kslurm_config_get_notice(first));
  g_assert_cmpstr(kslurm_config_get(first, "account.cpu"), ==, "c");
  second = kslurm_config_load(NULL);
  g_assert_null(kslurm_config_get_notice(second));
  g_assert_cmpstr(kslurm_config_get(second, "account"), ==, "a");
}

static void
test_takeover_damaged(void)
{
  static const char *const texts[] = {"{\"a\": ", "[1]", "", "\xff\xfe", "{\"a\":null}"};

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(KslurmConfig) config = NULL;
    g_autoptr(GError) error = NULL;

    write_file("config.json", texts[i]);
    config = kslurm_config_load(&error);
    g_assert_no_error(error);
    g_assert_nonnull(config);
  }
}

int
main(int argc, char **argv)
{
  g_setenv("XDG_CONFIG_DIRS", "/nonexistent", TRUE);
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/config/layers", test_layers);
  g_test_add_func("/config/list", test_list);
  g_test_add_func("/config/hostile", test_hostile);
  g_test_add_func("/config/set", test_set);
  g_test_add_func("/config/set-refuses", test_set_refuses);
  g_test_add_func("/config/environment", test_environment);
  g_test_add_func("/config/takeover", test_takeover);
  g_test_add_func("/config/takeover-damaged", test_takeover_damaged);
  return g_test_run();
}
