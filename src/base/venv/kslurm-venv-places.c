/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-places.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

/* scripts are told by their first lines; no activation script is longer */
#define HEAD 65536

static const char *
find_value(char **words)
{
  for (gsize i = 0; words[i] != NULL; i++) {
    const char *value = words[i];

    if (g_str_has_prefix(value, "VIRTUAL_ENV="))
      value = strchr(value, '=') + 1;
    else if (g_str_equal(value, "VIRTUAL_ENV") && words[i + 1] != NULL)
      value = words[i + 1];
    else
      continue;
    if (value[0] == '/' && value[1] != '\0')
      return value;
  }
  return NULL;
}

/**
 * kslurm_venv_places_dup_activate: (skip)
 * @text: an activation script of bash, csh or fish
 *
 * Returns: (transfer full) (nullable): the place that it activates, unless it finds it
 *   by itself
 */
char *
kslurm_venv_places_dup_activate(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++) {
    g_auto(GStrv) words = NULL;
    const char *value = NULL;

    if (strstr(lines[i], "VIRTUAL_ENV") == NULL ||
        !g_shell_parse_argv(lines[i], NULL, &words, NULL))
      continue;
    value = find_value(words);
    if (value != NULL)
      return g_strdup(value);
  }
  return NULL;
}

static char *
dup_setting(const char *text, const char *key)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++) {
    char *equals = strchr(lines[i], '=');

    if (equals == NULL)
      continue;
    *equals = '\0';
    if (g_str_equal(g_strstrip(lines[i]), key))
      return g_strdup(g_strstrip(equals + 1));
  }
  return NULL;
}

/**
 * kslurm_venv_places_dup_command: (skip)
 * @text: a pyvenv.cfg
 *
 * Returns: (transfer full) (nullable): the place that its 'command' made
 */
char *
kslurm_venv_places_dup_command(const char *text)
{
  g_autofree char *command = dup_setting(text, "command");
  const char *program = command != NULL ? g_strrstr(command, "venv ") : NULL;
  const char *virtualenv = command != NULL ? g_strrstr(command, "virtualenv ") : NULL;
  const char *start = virtualenv != NULL ? virtualenv : program;
  const char *last = start != NULL ? g_strrstr(start, " /") : NULL;

  return last != NULL && last[2] != '\0' ? g_strdup(last + 1) : NULL;
}

/* PLACE/bin/python3 gives PLACE */
static char *
dup_place_of(const char *interpreter)
{
  g_autofree char *last = g_path_get_basename(interpreter);
  g_autofree char *bin = g_path_get_dirname(interpreter);
  g_autofree char *name = g_path_get_basename(bin);
  gboolean is_python = g_str_has_prefix(last, "python") || g_str_has_prefix(last, "pypy");

  if (interpreter[0] != '/' || !is_python || !g_str_equal(name, "bin"))
    return NULL;
  return g_path_get_dirname(bin);
}

/**
 * kslurm_venv_places_dup_script: (skip)
 * @text: a file of bin, or its beginning
 *
 * Returns: (transfer full) (nullable): the place whose Python it starts
 */
char *
kslurm_venv_places_dup_script(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", 3);
  g_auto(GStrv) words = NULL;
  const char *start = NULL;

  if (!g_str_has_prefix(text, "#!"))
    return NULL;
  if (lines[1] != NULL && g_str_has_prefix(lines[1], "'''exec' "))
    start = lines[1] + strlen("'''exec' ");
  else
    start = lines[0] + 2;
  if (!g_shell_parse_argv(start, NULL, &words, NULL))
    return NULL;
  return dup_place_of(words[0]);
}

static char *
read_head(int folder, const char *name)
{
  kslurm_autofd int fd =
      openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  g_autofree char *text = g_malloc0(HEAD + 1);
  gsize length = 0;
  gssize got = 0;
  struct stat st;

  if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
    return NULL;
  while (length < HEAD && (got = read(fd, text + length, HEAD - length)) > 0)
    length += (gsize)got;
  return g_steal_pointer(&text);
}

static void
add_place(GPtrArray *places, const char *base, char *place)
{
  static const char *const systems[] = {"/", "/usr", "/usr/local", NULL};

  if (place != NULL && !g_strv_contains(systems, place) && g_strcmp0(place, base) != 0 &&
      !g_ptr_array_find_with_equal_func(places, place, g_str_equal, NULL))
    g_ptr_array_add(places, place);
  else
    g_free(place);
}

static void
add_scripts(GPtrArray *places, const char *base, int bin)
{
  static const char *const activates[] = {"activate", "activate.csh", "activate.fish"};
  int copy = openat(bin, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = copy >= 0 ? fdopendir(copy) : NULL;
  struct dirent *entry = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(activates); i++) {
    g_autofree char *text = read_head(bin, activates[i]);

    if (text != NULL)
      add_place(places, base, kslurm_venv_places_dup_activate(text));
  }
  while (folder != NULL && (entry = readdir(folder)) != NULL) {
    g_autofree char *text = read_head(bin, entry->d_name);

    if (text != NULL)
      add_place(places, base, kslurm_venv_places_dup_script(text));
  }
  if (folder != NULL)
    closedir(folder);
}

/**
 * kslurm_venv_find_places: (skip)
 * @prefix: an environment
 * @error: return location
 *
 * Reads where an environment thinks that it is: from the script that activates it, from
 * pyvenv.cfg, and from the first lines of its programs. They may differ when it was moved
 * by hand. The Python that it was made with is none of its places.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the places; none when the
 *   environment finds itself
 */
char **
kslurm_venv_find_places(const char *prefix, GError **error)
{
  kslurm_autofd int root = open(prefix, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  kslurm_autofd int bin =
      root < 0 ? -1 : openat(root, "bin", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *config = NULL;
  g_autofree char *home = NULL;
  g_autofree char *base = NULL;

  if (root < 0) {
    kslurm_set_errno(error, errno, _("cannot open the folder '%s'"), prefix);
    return NULL;
  }
  config = read_head(root, "pyvenv.cfg");
  home = config != NULL ? dup_setting(config, "home") : NULL;
  base = home != NULL ? g_path_get_dirname(home) : NULL;
  if (bin >= 0)
    add_scripts(places, base, bin);
  if (config != NULL)
    add_place(places, base, kslurm_venv_places_dup_command(config));
  g_ptr_array_add(places, NULL);
  return (char **)g_ptr_array_steal(places, NULL);
}
