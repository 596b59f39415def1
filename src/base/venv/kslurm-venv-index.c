/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-index.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-lock.h"
#include "base/venv/kslurm-venv-index-private.h"
#include "base/venv/kslurm-venv-name.h"

/* what a change does to the folders; FALSE with an error leaves all as it was */
typedef gboolean (*Change)(GHashTable *places,
                           const char *name,
                           const char *value,
                           GError **error);

/**
 * kslurm_venv_index_open: (skip)
 * @tmp: the folder on scratch that holds environments
 *
 * Which environments are on this node's scratch, in the file that the older kslurm kept.
 * Nothing is looked at or made yet.
 *
 * Returns: (transfer full): the index
 */
KslurmVenvIndex *
kslurm_venv_index_open(const char *tmp)
{
  KslurmVenvIndex *index = g_new0(KslurmVenvIndex, 1);

  index->tmp = g_canonicalize_filename(tmp, NULL);
  index->path = g_build_filename(index->tmp, "kpy-index.json", NULL);
  index->marks = kslurm_venv_index_new_marks();
  return index;
}

/**
 * kslurm_venv_index_free: (skip)
 * @index: (transfer full): an index
 */
void
kslurm_venv_index_free(KslurmVenvIndex *index)
{
  g_ptr_array_unref(index->marks);
  g_free(index->tmp);
  g_free(index->path);
  g_free(index->notice);
  g_free(index);
}

/**
 * kslurm_venv_index_get_notice: (skip)
 * @index: an index
 *
 * Returns: (transfer none) (nullable): what the user should know: that the file was
 *   damaged, and was made again
 */
const char *
kslurm_venv_index_get_notice(KslurmVenvIndex *index)
{
  return index->notice;
}

/**
 * kslurm_venv_index_dup_prefix: (skip)
 * @index: an index
 * @name: the name of an environment
 * @error: return location
 *
 * Returns: (transfer full) (nullable): its folder, or %NULL: with @error set, or without
 *   when no such environment is on this node
 */
char *
kslurm_venv_index_dup_prefix(KslurmVenvIndex *index, const char *name, GError **error)
{
  g_autoptr(GHashTable) places = kslurm_venv_index_load(index, error);

  return places != NULL ? g_strdup(g_hash_table_lookup(places, name)) : NULL;
}

static int
compare(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/**
 * kslurm_venv_index_list_names: (skip)
 * @index: an index
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the names of the environments on this node, sorted,
 *   or %NULL with @error set
 */
char **
kslurm_venv_index_list_names(KslurmVenvIndex *index, GError **error)
{
  g_autoptr(GHashTable) places = kslurm_venv_index_load(index, error);
  g_autofree char **names = NULL;
  guint length = 0;

  if (places == NULL)
    return NULL;
  names = (char **)g_hash_table_get_keys_as_array(places, &length);
  qsort(names, length, sizeof *names, compare);
  return g_strdupv(names);
}

static gboolean
change(KslurmVenvIndex *index,
       Change apply,
       const char *name,
       const char *value,
       GError **error)
{
  g_autofree char *path = g_strconcat(index->path, ".lock", NULL);
  g_autoptr(KslurmLock) lock = kslurm_lock_acquire(path, NULL, error);
  g_autoptr(GHashTable) places =
      lock != NULL ? kslurm_venv_index_load_locked(index, error) : NULL;

  return places != NULL && apply(places, name, value, error) &&
         kslurm_venv_index_store(index, places, error);
}

static gboolean
add(GHashTable *places, const char *name, const char *prefix, GError **error)
{
  g_autofree char *folder = g_canonicalize_filename(prefix, NULL);
  const char *other = g_hash_table_lookup(places, name);

  if (other != NULL && !g_str_equal(other, folder)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
                _("an environment '%s' is on this node already"), name);
    return FALSE;
  }
  g_hash_table_replace(places, g_strdup(name), g_steal_pointer(&folder));
  return TRUE;
}

/**
 * kslurm_venv_index_add: (skip)
 * @index: an index
 * @name: the name of an environment
 * @prefix: its folder
 * @error: return location
 *
 * Says also that the folder is whole. A name that another took meanwhile stays theirs.
 *
 * Returns: whether @name stands for @prefix on this node
 */
gboolean
kslurm_venv_index_add(KslurmVenvIndex *index,
                      const char *name,
                      const char *prefix,
                      GError **error)
{
  if (!kslurm_venv_name_check(name, error) || !change(index, add, name, prefix, error))
    return FALSE;
  kslurm_venv_index_unmark(index, prefix);
  return TRUE;
}

static gboolean
take_out(GHashTable *places, const char *name, const char *value, GError **error)
{
  g_hash_table_remove(places, name);
  return TRUE;
}

/**
 * kslurm_venv_index_remove: (skip)
 * @index: an index
 * @name: the name of an environment, which may be absent
 * @error: return location
 *
 * Returns: whether @name stands for nothing on this node; its folder stays
 */
gboolean
kslurm_venv_index_remove(KslurmVenvIndex *index, const char *name, GError **error)
{
  return change(index, take_out, name, NULL, error);
}

static gboolean
rename_entry(GHashTable *places, const char *name, const char *to, GError **error)
{
  g_autofree char *prefix = g_strdup(g_hash_table_lookup(places, name));

  if (prefix == NULL) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("no environment '%s' is on this node"), name);
    return FALSE;
  }
  g_hash_table_remove(places, name);
  return add(places, to, prefix, error);
}

/**
 * kslurm_venv_index_rename: (skip)
 * @index: an index
 * @name: the name of an environment
 * @to: its new name, which is free
 * @error: return location
 *
 * Returns: whether @to stands for what @name stood for; the folder keeps its path
 */
gboolean
kslurm_venv_index_rename(KslurmVenvIndex *index,
                         const char *name,
                         const char *to,
                         GError **error)
{
  return kslurm_venv_name_check(to, error) && change(index, rename_entry, name, to, error);
}
