/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-python-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-process.h"

#define ASK_MS 20000 /* a cold network disk */

/* of an environment's Python, the one that it was made with: scratch goes away */
#define QUESTION                                                                           \
  "import os, sys\n"                                                                       \
  "found = sys.executable\n"                                                               \
  "if sys.prefix != sys.base_prefix:\n"                                                    \
  "    name = 'python%d.%d' % sys.version_info[:2]\n"                                      \
  "    names = [os.path.join(sys.base_prefix, 'bin', name), os.path.realpath(found)]\n"    \
  "    found = next((n for n in names if os.access(n, os.X_OK)), found)\n"                 \
  "print('kslurm', sys.version.split()[0])\n"                                              \
  "print(found)\n"

/**
 * kslurm_python_ask: (skip)
 * @path: a Python, maybe one that does not run
 * @version: (out): what it is: "3.11.7"
 * @cancellable: (nullable): ends it
 *
 * Returns: (transfer full) (nullable): the absolute path of the interpreter, which is not
 *   one of an environment; %NULL when @path is none that runs
 */
char *
kslurm_python_ask(const char *path, char **version, GCancellable *cancellable)
{
  const char *const argv[] = {path, "-I", "-c", QUESTION, NULL};
  const KslurmProcessSpec spec = {.argv = argv, .timeout_ms = ASK_MS};
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, cancellable, NULL);
  g_auto(GStrv) lines = NULL;

  if (result == NULL || result->status != 0)
    return NULL;
  lines = g_strsplit(result->output, "\n", 3);
  if (g_strv_length(lines) < 2 || !g_str_has_prefix(lines[0], "kslurm ") ||
      !g_path_is_absolute(lines[1]))
    return NULL;
  *version = g_strdup(lines[0] + strlen("kslurm "));
  return g_strdup(lines[1]);
}

/**
 * kslurm_python_is_version: (skip)
 * @found: a version: "3.11.7"
 * @wanted: (nullable): "3", "3.11", "3.11.7"; %NULL for any
 *
 * Returns: whether @found is what is wanted
 */
gboolean
kslurm_python_is_version(const char *found, const char *wanted)
{
  const char *prefix = wanted != NULL ? wanted : "3";

  return g_str_has_prefix(found, prefix) &&
         (found[strlen(prefix)] == '\0' || found[strlen(prefix)] == '.' ||
          !g_ascii_isdigit(found[strlen(prefix)]));
}

/**
 * kslurm_python_list_names: (skip)
 * @version: (nullable): "3", "3.11", "3.11.7"
 *
 * Returns: (transfer full) (element-type utf8): names that such a Python may have, the
 *   most telling first
 */
GPtrArray *
kslurm_python_list_names(const char *version)
{
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) parts = g_strsplit(version != NULL ? version : "", ".", -1);

  if (g_strv_length(parts) >= 2)
    g_ptr_array_add(names, g_strdup_printf("python%s.%s", parts[0], parts[1]));
  g_ptr_array_add(names, g_strdup("python3"));
  g_ptr_array_add(names, g_strdup("python"));
  return names;
}

/* gives the interpreter when it is of the version; otherwise notes what it is */
static char *
try_path(const char *path, const char *version, GPtrArray *seen, GCancellable *cancellable)
{
  g_autofree char *found = NULL;
  g_autofree char *python = NULL;

  if (!g_file_test(path, G_FILE_TEST_IS_EXECUTABLE) ||
      g_file_test(path, G_FILE_TEST_IS_DIR))
    return NULL;
  python = kslurm_python_ask(path, &found, cancellable);
  if (python == NULL)
    return NULL;
  if (kslurm_python_is_version(found, version))
    return g_steal_pointer(&python);
  if (!g_ptr_array_find_with_equal_func(seen, found, g_str_equal, NULL))
    g_ptr_array_add(seen, g_steal_pointer(&found));
  return NULL;
}

static char *
find_on_path(const char *version, GPtrArray *seen, GCancellable *cancellable)
{
  const char *path = g_getenv("PATH");
  g_auto(GStrv) folders = g_strsplit(path != NULL ? path : "/usr/bin:/bin", ":", -1);
  g_autoptr(GPtrArray) names = kslurm_python_list_names(version);

  for (guint n = 0; n < names->len; n++) {
    for (gsize i = 0; folders[i] != NULL; i++) {
      g_autofree char *file = g_build_filename(folders[i], names->pdata[n], NULL);
      char *found =
          g_path_is_absolute(file) ? try_path(file, version, seen, cancellable) : NULL;

      if (found != NULL)
        return found;
    }
  }
  return NULL;
}

/**
 * kslurm_python_compare_names: (skip)
 * @a: (type utf8): the place of a name with a version in it
 * @b: (type utf8): the place of another
 *
 * Returns: as strcmp() does, for an order with the newest first
 */
int
kslurm_python_compare_names(gconstpointer a, gconstpointer b)
{
  g_autofree char *first = g_utf8_collate_key_for_filename(*(char *const *)a, -1);
  g_autofree char *second = g_utf8_collate_key_for_filename(*(char *const *)b, -1);

  return strcmp(second, first);
}

/* pyenv keeps '3.11.7', uv 'cpython-3.11.7-linux-x86_64-gnu'; the newest is tried first */
static char *
find_in(const char *root, const char *version, GPtrArray *seen, GCancellable *cancellable)
{
  g_autoptr(GDir) folder = g_dir_open(root, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
    if (strpbrk(name, "0123456789") != NULL)
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, kslurm_python_compare_names);
  for (guint i = 0; i < names->len; i++) {
    const char *number = strpbrk(names->pdata[i], "0123456789");
    g_autofree char *brief = g_strndup(number, strspn(number, "0123456789."));
    g_autofree char *file = g_build_filename(root, names->pdata[i], "bin/python3", NULL);
    char *found = NULL;

    if (kslurm_python_is_version(brief, version))
      found = try_path(file, version, seen, cancellable);
    else if (!g_ptr_array_find_with_equal_func(seen, brief, g_str_equal, NULL))
      g_ptr_array_add(seen, g_steal_pointer(&brief));
    if (found != NULL)
      return found;
  }
  return NULL;
}

static char *
find_managed(const char *version, GPtrArray *seen, GCancellable *cancellable)
{
  const char *pyenv = g_getenv("PYENV_ROOT");
  const char *uv = g_getenv("UV_PYTHON_INSTALL_DIR");
  g_autofree char *pyenv_versions =
      pyenv != NULL ? g_build_filename(pyenv, "versions", NULL)
                    : g_build_filename(g_get_home_dir(), ".pyenv", "versions", NULL);
  g_autofree char *uv_versions =
      uv != NULL ? g_strdup(uv)
                 : g_build_filename(g_get_user_data_dir(), "uv", "python", NULL);
  char *found = find_in(pyenv_versions, version, seen, cancellable);

  return found != NULL ? found : find_in(uv_versions, version, seen, cancellable);
}

static void
set_not_found(const char *version, GPtrArray *seen, GError **error)
{
  g_autofree char *there = NULL;

  g_ptr_array_sort(seen, kslurm_python_compare_names);
  g_ptr_array_add(seen, NULL);
  there = g_strjoinv(", ", (char **)seen->pdata);
  if (seen->len > 1)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("there is no Python %s here, only: %s; load a module that has it, or get "
                  "it with 'uv python install %s'"),
                version != NULL ? version : "3", there, version != NULL ? version : "3");
  else
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("there is no Python %s here; load a module that has it, or get it with "
                  "'uv python install %s'"),
                version != NULL ? version : "3", version != NULL ? version : "3");
}

/**
 * kslurm_python_find: (skip)
 * @version: (nullable): "3", "3.11", "3.11.7"; %NULL for any
 * @cancellable: (nullable): ends the search
 * @error: return location
 *
 * Looks for a Python that runs: on the PATH, among the modules that can be loaded, among
 * those that pyenv and uv keep.
 *
 * Returns: (transfer full) (nullable): its absolute path, or %NULL with
 *   %KSLURM_ERROR_NOT_FOUND set, naming what is there
 */
char *
kslurm_python_find(const char *version, GCancellable *cancellable, GError **error)
{
  g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free);
  char *found = find_on_path(version, seen, cancellable);

  if (found == NULL)
    found = kslurm_python_find_module(version, seen, cancellable);
  if (found == NULL)
    found = find_managed(version, seen, cancellable);
  if (found != NULL || g_cancellable_set_error_if_cancelled(cancellable, error))
    return found;
  set_not_found(version, seen, error);
  return NULL;
}
