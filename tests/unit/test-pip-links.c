/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-pip-links.h"

#include <glib/gstdio.h>

/* a home, a site's folder and an environment below the test's own folder */
typedef struct {
  char *root;
  char **environ;
} Place;

static char *
dup_path(const Place *place, const char *name)
{
  return g_build_filename(place->root, name, NULL);
}

static void
write_file(const Place *place, const char *name, const char *text)
{
  g_autofree char *path = dup_path(place, name);
  g_autofree char *folder = g_path_get_dirname(path);

  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
set(Place *place, const char *name, const char *value)
{
  place->environ = g_environ_setenv(place->environ, name, value, TRUE);
}

static void
place_setup(Place *place, gconstpointer data)
{
  g_autofree char *home = NULL;
  g_autofree char *site = NULL;
  g_autofree char *user = NULL;

  place->root = g_strdup(g_get_user_cache_dir());
  place->environ = g_new0(char *, 1);
  home = dup_path(place, "home");
  site = dup_path(place, "site");
  user = dup_path(place, "home/.config");
  set(place, "HOME", home);
  set(place, "XDG_CONFIG_DIRS", site);
  set(place, "XDG_CONFIG_HOME", user);
}

static void
place_teardown(Place *place, gconstpointer data)
{
  g_strfreev(place->environ);
  g_free(place->root);
}

static void
assert_links(const Place *place, const char *prefix, const char *wanted)
{
  g_auto(GStrv) links = kslurm_pip_links_list((const char *const *)place->environ, prefix);
  g_autofree char *line = g_strjoinv(" ", links);

  g_assert_cmpstr(line, ==, wanted);
}

static void
test_order(Place *place, gconstpointer data)
{
  g_autofree char *prefix = dup_path(place, "venv");
  g_autofree char *named = dup_path(place, "named.conf");

  assert_links(place, NULL, "");
  write_file(place, "site/pip/pip.conf", "[global]\nfind-links = /site\n");
  assert_links(place, NULL, "/site");
  write_file(place, "home/.pip/pip.conf", "[global]\nfind-links = /older\n");
  assert_links(place, NULL, "/older");
  write_file(place, "home/.config/pip/pip.conf", "[global]\nfind-links = /u1 /u2\n");
  assert_links(place, NULL, "/u1 /u2");
  write_file(place, "venv/pip.conf", "[global]\nfind-links = /venv\n");
  assert_links(place, NULL, "/u1 /u2");
  assert_links(place, prefix, "/venv");
  set(place, "VIRTUAL_ENV", prefix);
  assert_links(place, NULL, "/venv");
  set(place, "PIP_CONFIG_FILE", named);
  assert_links(place, NULL, "/venv");
  write_file(place, "named.conf", "[global]\nfind-links = /named\n");
  assert_links(place, NULL, "/named");
  set(place, "PIP_FIND_LINKS", " /v1\t/v2 /v1");
  assert_links(place, NULL, "/v1 /v2");
}

/* with a named file pip leaves the user's own out; named /dev/null, all of them */
static void
test_named(Place *place, gconstpointer data)
{
  g_autofree char *named = dup_path(place, "named.conf");

  write_file(place, "site/pip/pip.conf", "[global]\nfind-links = /site\n");
  write_file(place, "home/.config/pip/pip.conf", "[global]\nfind-links = /user\n");
  write_file(place, "named.conf", "[global]\ntimeout = 1\n");
  set(place, "PIP_CONFIG_FILE", named);
  assert_links(place, NULL, "/site");
  set(place, "PIP_CONFIG_FILE", "/dev/null");
  assert_links(place, NULL, "");
}

static void
test_commands(Place *place, gconstpointer data)
{
  write_file(place, "site/pip/pip.conf",
             "[global]\nfind-links = /g\n[wheel]\nfind-links = /w\n /g\n[list]\n"
             "find-links = /l\n");
  assert_links(place, NULL, "/g /w");
}

static void
test_values(Place *place, gconstpointer data)
{
  g_autofree char *there = dup_path(place, "a, b");
  g_autofree char *home_link = NULL;
  g_autofree char *wanted = NULL;
  g_autofree char *pip = NULL;
  g_autofree char *uv = NULL;
  const char *links[] = {"https://x/a,b", "/not/there",    "~/w",
                         there,           "https://x/a,b", NULL};

  g_assert_cmpint(g_mkdir_with_parents(there, 0700), ==, 0);
  write_file(place, "home/w/x", "");
  home_link = dup_path(place, "home");
  pip = kslurm_pip_links_to_pip(links, "/it's 100% é,x");
  wanted = g_strdup_printf("https://x/a,b /not/there ~/w %s "
                           "file:///it%%27s%%20100%%25%%20%%C3%%A9%%2Cx",
                           there);
  g_assert_cmpstr(pip, ==, wanted);
  uv = kslurm_pip_links_to_uv("/mine", links, "/w", home_link);
  g_free(wanted);
  wanted = g_strdup_printf("/mine,https://x/a%%2Cb,file://%s/home/w,file://%s/a%%2C%%20b,"
                           "file:///w",
                           place->root, place->root);
  g_assert_cmpstr(uv, ==, wanted);
}

static void
assert_variable(const Place *place, const char *name, const char *value)
{
  g_assert_cmpstr(g_environ_getenv(place->environ, name), ==, value);
}

static void
test_environ(Place *place, gconstpointer data)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *pipdir = dup_path(place, "p");
  g_autofree char *wheels = dup_path(place, "p/wheels");
  g_autofree char *url = g_strconcat("file://", wheels, NULL);
  g_autofree char *both = g_strconcat("/site ", url, NULL);

  write_file(place, "site/pip/pip.conf", "[global]\nfind-links = /site\n");
  place->environ = kslurm_pip_environ_set(place->environ, config, NULL, FALSE);
  assert_variable(place, "PIP_FIND_LINKS", NULL);
  assert_variable(place, "PIP_NO_INDEX", NULL);
  kslurm_config_override(config, "pipdir", pipdir, "test");
  place->environ = kslurm_pip_environ_set(place->environ, config, NULL, TRUE);
  assert_variable(place, "PIP_FIND_LINKS", NULL);
  assert_variable(place, "PIP_NO_INDEX", "1");
  assert_variable(place, "UV_OFFLINE", "1");
  g_assert_cmpint(g_mkdir(pipdir, 0700), ==, 0);
  for (int i = 0; i < 2; i++) {
    place->environ = kslurm_pip_environ_set(place->environ, config, NULL, FALSE);
    assert_variable(place, "PIP_FIND_LINKS", both);
    assert_variable(place, "UV_FIND_LINKS", url);
  }
  g_assert_true(g_file_test(wheels, G_FILE_TEST_IS_DIR));
}

static void
add(const char *name, void (*test)(Place *place, gconstpointer data))
{
  g_test_add(name, Place, NULL, place_setup, test, place_teardown);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  add("/pip-links/order", test_order);
  add("/pip-links/named", test_named);
  add("/pip-links/commands", test_commands);
  add("/pip-links/values", test_values);
  add("/pip-links/environ", test_environ);
  return g_test_run();
}
