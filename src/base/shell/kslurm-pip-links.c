/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-pip-links.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/shell/kslurm-pip-config.h"
#include "base/shell/kslurm-shell-text.h"
#include "base/util/kslurm-file.h"

/* an environment from anywhere may have one; adding up its words is quadratic */
#define CONFIG_LIMIT ((gsize)64 * 1024)

static const char *const commands[] = {"install", "wheel", "download"};

static const char *
get_variable(const char *const *environ, const char *name, const char *otherwise)
{
  const char *value = g_environ_getenv((char **)environ, name);

  return value != NULL && value[0] != '\0' ? value : otherwise;
}

static void
add_file(GHashTable *settings, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GBytes) bytes = kslurm_file_read(path, CONFIG_LIMIT, NULL);
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;

  kslurm_pip_config_add(settings, data, length);
}

static void
add_site_files(GHashTable *settings, const char *const *environ)
{
  g_auto(GStrv) folders =
      g_strsplit(get_variable(environ, "XDG_CONFIG_DIRS", "/etc/xdg"), ":", -1);

  for (gsize i = 0; folders[i] != NULL; i++)
    add_file(settings, folders[i], "pip/pip.conf");
  add_file(settings, "/etc", "pip.conf");
}

static void
add_user_files(GHashTable *settings, const char *const *environ)
{
  const char *home = get_variable(environ, "HOME", g_get_home_dir());
  g_autofree char *usual = g_build_filename(home, ".config", NULL);

  add_file(settings, home, ".pip/pip.conf");
  add_file(settings, get_variable(environ, "XDG_CONFIG_HOME", usual), "pip/pip.conf");
}

/* in pip's own order: a later file wins */
static GHashTable *
read_settings(const char *const *environ, const char *prefix)
{
  GHashTable *settings = kslurm_pip_config_new();
  const char *named = get_variable(environ, "PIP_CONFIG_FILE", NULL);
  const char *active = get_variable(environ, "VIRTUAL_ENV", NULL);

  if (g_strcmp0(named, "/dev/null") == 0)
    return settings;
  add_site_files(settings, environ);
  if (named == NULL || !g_file_test(named, G_FILE_TEST_EXISTS))
    add_user_files(settings, environ);
  if (prefix != NULL || active != NULL)
    add_file(settings, prefix != NULL ? prefix : active, "pip.conf");
  if (named != NULL)
    add_file(settings, "", named);
  return settings;
}

static void
add_word(GPtrArray *words, const char *word)
{
  for (guint i = 0; i < words->len; i++)
    if (g_str_equal(words->pdata[i], word))
      return;
  g_ptr_array_add(words, g_strdup(word));
}

static void
add_words(GPtrArray *words, const char *text, const char *delimiters)
{
  g_auto(GStrv) parts = g_strsplit_set(text != NULL ? text : "", delimiters, -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      add_word(words, parts[i]);
}

/**
 * kslurm_pip_links_list: (skip)
 * @environ: (array zero-terminated=1): the environment
 * @prefix: (nullable): an environment's folder; %NULL for the active one
 *
 * Where pip looks for archives besides the index, for any of install, wheel and download:
 * what its variable says, else its configuration files.
 *
 * Returns: (transfer full): folders and URLs, as they are written there
 */
char **
kslurm_pip_links_list(const char *const *environ, const char *prefix)
{
  GPtrArray *links = g_ptr_array_new();
  const char *variable = get_variable(environ, "PIP_FIND_LINKS", NULL);
  g_autoptr(GHashTable) settings =
      variable == NULL ? read_settings(environ, prefix) : kslurm_pip_config_new();

  add_words(links, variable, " \t\r\n\f\v");
  for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
    add_words(links, kslurm_pip_config_get(settings, commands[i], "find-links"),
              " \t\r\n\f\v");
  g_ptr_array_add(links, NULL);
  return (char **)g_ptr_array_free(links, FALSE);
}

static char *
dup_url(const char *path)
{
  g_autofree char *escaped = g_uri_escape_string(path, "/", FALSE);

  return g_strconcat("file://", escaped, NULL);
}

static char *
join(GPtrArray *words, const char *separator)
{
  g_ptr_array_add(words, NULL);
  return g_strjoinv(separator, (char **)words->pdata);
}

/**
 * kslurm_pip_links_to_pip: (skip)
 * @links: (array zero-terminated=1): of kslurm_pip_links_list()
 * @wheelhouse: our folder
 *
 * Returns: (transfer full): a value for PIP_FIND_LINKS, which pip parts at blanks
 */
char *
kslurm_pip_links_to_pip(const char *const *links, const char *wheelhouse)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *ours = dup_url(wheelhouse);

  for (gsize i = 0; links[i] != NULL; i++)
    add_word(words, links[i]);
  add_word(words, ours);
  return join(words, " ");
}

/* uv fails where pip warns: of a folder that is not there */
static char *
dup_for_uv(const char *link, const char *home)
{
  g_autofree char *path = g_str_has_prefix(link, "~/")
                              ? g_build_filename(home, link + 2, NULL)
                              : g_strdup(link);
  g_auto(GStrv) parts = NULL;

  if (strstr(link, "://") == NULL) {
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
      return NULL;
    if (g_path_is_absolute(path))
      return dup_url(path);
  }
  parts = g_strsplit(path, ",", -1);
  return g_strjoinv("%2C", parts);
}

/**
 * kslurm_pip_links_to_uv: (skip)
 * @before: (nullable): what UV_FIND_LINKS says already
 * @links: (array zero-terminated=1): of kslurm_pip_links_list()
 * @wheelhouse: our folder
 * @home: the user's
 *
 * Returns: (transfer full): a value for UV_FIND_LINKS, which uv parts at commas
 */
char *
kslurm_pip_links_to_uv(const char *before,
                       const char *const *links,
                       const char *wheelhouse,
                       const char *home)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *ours = dup_url(wheelhouse);

  add_words(words, before, ",");
  for (gsize i = 0; links[i] != NULL; i++) {
    g_autofree char *word = dup_for_uv(links[i], home);

    if (word != NULL)
      add_word(words, word);
  }
  add_word(words, ours);
  return join(words, ",");
}

/* pip warns and uv fails when the folder is not there */
static char *
dup_wheelhouse(KslurmConfig *config, const char *const *environ)
{
  g_autofree char *path = kslurm_wheelhouse_dup_path(config, environ);

  if (path == NULL)
    return NULL;
  g_mkdir(path, 0777);
  return g_file_test(path, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&path) : NULL;
}

/**
 * kslurm_pip_environ_set: (skip)
 * @environ: (transfer full): an environment
 * @config: the configuration
 * @prefix: (nullable): the folder of the environment of Python that is used with it
 * @offline: whether pip and uv are to stay off the network
 *
 * Lets pip and uv find the wheelhouse where no shell function can say so. Without 'pipdir'
 * their links stay as they are. A wheelhouse that is missing is made.
 *
 * Returns: (transfer full): the environment
 */
char **
kslurm_pip_environ_set(char **environ,
                       KslurmConfig *config,
                       const char *prefix,
                       gboolean offline)
{
  const char *const *before = (const char *const *)environ;
  g_autofree char *wheelhouse = dup_wheelhouse(config, before);
  g_auto(GStrv) links = kslurm_pip_links_list(before, prefix);
  const char *const *theirs = (const char *const *)links;

  if (wheelhouse != NULL) {
    g_autofree char *pip = kslurm_pip_links_to_pip(theirs, wheelhouse);
    g_autofree char *uv =
        kslurm_pip_links_to_uv(get_variable(before, "UV_FIND_LINKS", NULL), theirs,
                               wheelhouse, get_variable(before, "HOME", g_get_home_dir()));

    environ = g_environ_setenv(environ, "PIP_FIND_LINKS", pip, TRUE);
    environ = g_environ_setenv(environ, "UV_FIND_LINKS", uv, TRUE);
  }
  if (offline) {
    environ = g_environ_setenv(environ, "PIP_NO_INDEX", "1", TRUE);
    environ = g_environ_setenv(environ, "UV_OFFLINE", "1", TRUE);
  }
  return environ;
}
