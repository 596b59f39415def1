/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"
#include "base/venv/kslurm-venv-store-private.h"

/* the first wins; the second is what the older kslurm wrote */
static const char *const endings[] = {".tar.zst", ".tar.gz"};

/**
 * kslurm_venv_store_get_ending: (skip)
 * @file: the name of a file
 *
 * Returns: (transfer none) (nullable): what makes it an archive of the store
 */
const char *
kslurm_venv_store_get_ending(const char *file)
{
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(file, endings[i]) && strlen(file) > strlen(endings[i]))
      return endings[i];
  return NULL;
}

/**
 * kslurm_venv_store_new: (skip)
 * @pipdir: the folder of the project disk that keeps archives and wheels
 * @reader: (nullable): reads facts from an archive
 *
 * Nothing is looked at or made yet.
 *
 * Returns: (transfer full): the store
 */
KslurmVenvStore *
kslurm_venv_store_new(const char *pipdir, KslurmFactsReader reader)
{
  KslurmVenvStore *store = g_new0(KslurmVenvStore, 1);

  store->pipdir = g_canonicalize_filename(pipdir, NULL);
  store->folder = g_build_filename(store->pipdir, "venv_archives", NULL);
  store->reader = reader;
  return store;
}

/**
 * kslurm_venv_store_free: (skip)
 * @store: (transfer full): a store
 */
void
kslurm_venv_store_free(KslurmVenvStore *store)
{
  g_free(store->pipdir);
  g_free(store->folder);
  g_free(store);
}

/**
 * kslurm_venv_store_dup_file: (skip)
 * @store: a store
 * @name: the name of an environment
 * @ending: of the file
 *
 * Returns: (transfer full): the path of one of its files, there or not
 */
char *
kslurm_venv_store_dup_file(KslurmVenvStore *store, const char *name, const char *ending)
{
  g_autofree char *file = g_strconcat(name, ending, NULL);

  return g_build_filename(store->folder, file, NULL);
}

/**
 * kslurm_venv_store_dup_path: (skip)
 * @store: a store
 * @name: the name of an environment, which kslurm_venv_name_check() takes
 *
 * Returns: (transfer full): the path of its archive, which may not be there
 */
char *
kslurm_venv_store_dup_path(KslurmVenvStore *store, const char *name)
{
  return kslurm_venv_store_dup_file(store, name, endings[0]);
}

static int
compare(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/**
 * kslurm_venv_store_list_names: (skip)
 * @store: a store
 *
 * Looks at no archive: it answers while the user types.
 *
 * Returns: (transfer full): the names of the saved environments, sorted
 */
char **
kslurm_venv_store_list_names(KslurmVenvStore *store)
{
  g_autoptr(GDir) folder = g_dir_open(store->folder, 0, NULL);
  g_autoptr(GHashTable) names =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char **sorted = NULL;
  const char *file = NULL;
  guint length = 0;

  while (folder != NULL && (file = g_dir_read_name(folder)) != NULL) {
    const char *ending = kslurm_venv_store_get_ending(file);

    if (ending != NULL && kslurm_text_is_line(file))
      g_hash_table_add(names, g_strndup(file, strlen(file) - strlen(ending)));
  }
  sorted = (char **)g_hash_table_get_keys_as_array(names, &length);
  qsort(sorted, length, sizeof *sorted, compare);
  return g_strdupv(sorted);
}

/* a folder of that name is no archive, and no help */
static char *
dup_closest(KslurmVenvStore *store, const char *name)
{
  g_auto(GStrv) names = kslurm_venv_store_list_names(store);
  const char *closest = NULL;

  if (!g_strv_contains((const char *const *)names, name))
    closest = kslurm_text_closest(name, (const char *const *)names);
  return g_strdup(closest);
}

static void
set_not_found(KslurmVenvStore *store, const char *name, GError **error)
{
  g_autofree char *clean = kslurm_text_clean(name);
  g_autofree char *closest = dup_closest(store, name);

  if (closest != NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("no environment '%s' is saved; did you mean '%s'?"), clean, closest);
  else
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("no environment '%s' is saved; 'kpy list' shows those that are"), clean);
}

/**
 * kslurm_venv_store_find: (skip)
 * @store: a store
 * @name: the name of an environment
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the path of its archive, a '.tar.zst' before the
 *   older kslurm's '.tar.gz', or %NULL with @error set
 */
char *
kslurm_venv_store_find(KslurmVenvStore *store, const char *name, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
    g_autofree char *path = kslurm_venv_store_dup_file(store, name, endings[i]);
    struct stat st;
    gboolean there = FALSE;

    if (name[0] == '\0' || strchr(name, '/') != NULL)
      break;
    there = g_stat(path, &st) == 0;
    if (there && S_ISREG(st.st_mode))
      return g_steal_pointer(&path);
    if (!there && errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG) {
      kslurm_set_errno(error, errno, _("cannot look at '%s'"), path);
      return NULL;
    }
  }
  set_not_found(store, name, error);
  return NULL;
}

/* lab-mates who can use the one folder can use the other, whatever our umask; and what has
 * its name by now need not be the folder that we made */
static void
share_folder(KslurmVenvStore *store)
{
  kslurm_autofd int fd =
      open(store->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat st;

  if (fd < 0 || g_stat(store->pipdir, &st) != 0)
    return;
  if (fchown(fd, (uid_t)-1, st.st_gid) != 0)
    g_debug("'%s' keeps its group: %s", store->folder, g_strerror(errno));
  if (fchmod(fd, st.st_mode & 02777) != 0)
    g_debug("'%s' keeps its mode: %s", store->folder, g_strerror(errno));
}

/**
 * kslurm_venv_store_make: (skip)
 * @store: a store
 * @error: return location
 *
 * Makes the store's folder where it is missing, with the group and the mode of the folder
 * that it is in.
 *
 * Returns: whether the folder is there
 */
gboolean
kslurm_venv_store_make(KslurmVenvStore *store, GError **error)
{
  if (g_mkdir_with_parents(store->pipdir, 0777) != 0)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), store->pipdir);
  if (mkdir(store->folder, 0777) == 0)
    share_folder(store);
  else if (errno != EEXIST)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), store->folder);
  return TRUE;
}
