/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-packages.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DIR, closedir)

/* a leftover of an interrupted pip begins with '~', one of a broken build with '-' */
static gboolean
is_word(const char *text, const char *more)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum(*c) && strchr(more, *c) == NULL)
      return FALSE;
  return g_ascii_isalnum(text[0]);
}

/* 'name-version.dist-info', or 'name-version-py3.11.egg-info' of old */
static char *
dup_package(const char *folder)
{
  g_autofree char *name = g_strdup(folder);
  gboolean egg = g_str_has_suffix(name, ".egg-info");
  char *tag = NULL, *version = NULL;

  if (!egg && !g_str_has_suffix(name, ".dist-info"))
    return NULL;
  *strrchr(name, '.') = '\0';
  tag = egg ? g_strrstr(name, "-py") : NULL;
  if (tag != NULL && g_ascii_isdigit(tag[3]))
    *tag = '\0';
  version = strrchr(name, '-');
  if (version == NULL)
    return NULL;
  *version++ = '\0';
  if (!is_word(name, "._-") || !is_word(version, ".!+_"))
    return NULL;
  return g_strconcat(name, "==", version, NULL);
}

/* an uninstall that was cut short leaves folders without what describes the package; old
 * tools wrote a file in place of the folder */
static gboolean
is_whole(int fd, const char *name)
{
  g_autofree char *metadata = g_build_filename(name, "METADATA", NULL);
  g_autofree char *information = g_build_filename(name, "PKG-INFO", NULL);
  struct stat st;

  return (fstatat(fd, name, &st, 0) == 0 && S_ISREG(st.st_mode)) ||
         faccessat(fd, metadata, F_OK, 0) == 0 || faccessat(fd, information, F_OK, 0) == 0;
}

static DIR *
open_folder(const char *path)
{
  kslurm_autofd int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;

  if (folder != NULL)
    kslurm_steal_fd(&fd);
  return folder;
}

static void
add_packages(GHashTable *packages, const char *path)
{
  g_autoptr(DIR) folder = open_folder(path);
  struct dirent *entry = NULL;

  while (folder != NULL && (entry = readdir(folder)) != NULL) {
    g_autofree char *package = dup_package(entry->d_name);

    if (package != NULL && is_whole(dirfd(folder), entry->d_name))
      g_hash_table_add(packages, g_steal_pointer(&package));
  }
}

static void
add_library(GHashTable *packages, const char *library)
{
  g_autoptr(DIR) folder = open_folder(library);
  struct dirent *entry = NULL;

  while (folder != NULL && (entry = readdir(folder)) != NULL) {
    g_autofree char *site = g_build_filename(library, entry->d_name, "site-packages", NULL);

    if (g_str_has_prefix(entry->d_name, "python") ||
        g_str_has_prefix(entry->d_name, "pypy"))
      add_packages(packages, site);
  }
}

static int
compare(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char **
to_strv(GHashTable *packages)
{
  guint length = 0;
  char **names = (char **)g_hash_table_get_keys_as_array(packages, &length);

  g_hash_table_steal_all(packages);
  qsort(names, length, sizeof *names, compare);
  return names;
}

/**
 * kslurm_venv_packages_list: (skip)
 * @prefix: the folder of an environment
 * @error: return location
 *
 * Reads the names of folders, in milliseconds; 'pip freeze' would start Python. What a
 * base interpreter brings is not the environment's.
 *
 * Returns: (transfer full) (nullable): 'name==version' for each installed package, as its
 *   folder spells it, sorted; or %NULL with @error set
 */
char **
kslurm_venv_packages_list(const char *prefix, GError **error)
{
  g_autoptr(GHashTable) packages =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(DIR) folder = open_folder(prefix);
  struct dirent *entry = NULL;

  if (folder == NULL) {
    kslurm_set_errno(error, errno, _("cannot read the environment '%s'"), prefix);
    return NULL;
  }
  while ((entry = readdir(folder)) != NULL) {
    g_autofree char *library = g_build_filename(prefix, entry->d_name, NULL);

    if (g_str_equal(entry->d_name, "lib") || g_str_equal(entry->d_name, "lib64"))
      add_library(packages, library);
  }
  return to_strv(packages);
}
