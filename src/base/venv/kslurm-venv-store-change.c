/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/util/kslurm-error-private.h"
#include "base/venv/kslurm-venv-store-private.h"

/* the archives come first */
#define ARCHIVES 2
static const char *const endings[] = {".tar.gz", ".tar.zst", ".json", ".sqfs"};

/**
 * kslurm_venv_store_remove_older: (skip)
 * @store: a store
 * @name: the name of an environment that was saved anew
 * @error: return location
 *
 * Returns: whether nothing is left that the older kslurm saved under that name
 */
gboolean
kslurm_venv_store_remove_older(KslurmVenvStore *store, const char *name, GError **error)
{
  g_autofree char *path = kslurm_venv_store_dup_file(store, name, ".tar.gz");

  return g_unlink(path) == 0 || errno == ENOENT ||
         kslurm_set_errno(error, errno, _("cannot remove '%s'"), path);
}

/**
 * kslurm_venv_store_remove: (skip)
 * @store: a store
 * @name: the name of an environment
 * @error: return location
 *
 * Removes its archives, the older one first: it must not come back to light.
 *
 * Returns: whether nothing of that name is left
 */
gboolean
kslurm_venv_store_remove(KslurmVenvStore *store, const char *name, GError **error)
{
  g_autofree char *found = kslurm_venv_store_find(store, name, error);

  if (found == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
    g_autofree char *path = kslurm_venv_store_dup_file(store, name, endings[i]);

    if (g_unlink(path) != 0 && errno != ENOENT)
      return kslurm_set_errno(error, errno, _("cannot remove '%s'"), path);
  }
  return TRUE;
}

/* a link never takes the place of what is there, unlike a rename */
static gboolean
move(const char *from, const char *to, GError **error)
{
  if (link(from, to) == 0 || (errno != EEXIST && !g_file_test(to, G_FILE_TEST_EXISTS) &&
                              g_rename(from, to) == 0)) {
    g_unlink(from);
    return TRUE;
  }
  return kslurm_set_errno(error, errno, _("cannot rename '%s'"), from);
}

/**
 * kslurm_venv_store_rename: (skip)
 * @store: a store
 * @name: the name of a saved environment
 * @to: its new name, which kslurm_venv_name_check() takes and which is free
 * @error: return location
 *
 * Returns: whether the archive goes by its new name; one in the older kslurm's form
 *   behind it goes with it
 */
gboolean
kslurm_venv_store_rename(KslurmVenvStore *store,
                         const char *name,
                         const char *to,
                         GError **error)
{
  g_autofree char *found = kslurm_venv_store_find(store, name, error);
  g_autofree char *taken = found != NULL ? kslurm_venv_store_find(store, to, NULL) : NULL;
  g_autofree char *facts = kslurm_venv_store_dup_file(store, name, ".json");
  g_autofree char *image = kslurm_venv_store_dup_file(store, name, ".sqfs");

  if (found == NULL || g_str_equal(name, to))
    return found != NULL;
  if (taken != NULL) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
                _("an environment '%s' is saved already"), to);
    return FALSE;
  }
  for (gsize i = 0; i < ARCHIVES; i++) {
    g_autofree char *from = kslurm_venv_store_dup_file(store, name, endings[i]);
    g_autofree char *there = kslurm_venv_store_dup_file(store, to, endings[i]);

    if (g_file_test(from, G_FILE_TEST_EXISTS) && !move(from, there, error))
      return FALSE;
  }
  g_unlink(facts);
  g_unlink(image);
  return TRUE;
}
