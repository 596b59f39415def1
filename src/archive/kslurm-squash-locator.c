/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-squash-locator.h"

#include "base/venv/kslurm-relocation.h"
#include "base/venv/kslurm-self-locate.h"

/* two steps: each spelling of a place that a kind of file knows becomes this plain one, and
 * this one becomes what finds itself */
#define SELF "/.kslurm-self"

/* what is changed is read as a whole; no file of a known kind is larger */
#define LIMIT (4u << 20)

struct _KslurmSquashLocator {
  KslurmRelocation *relocation; /* (nullable): the environment names no place */
  GHashTable *hits;             /* (nullable) (element-type utf8 utf8): nobody searched */
  GHashTable *changed;          /* (element-type utf8 GBytes) */
  GPtrArray *unknown;
};

/**
 * kslurm_squash_locator_new: (skip)
 * @places: the spellings of the environment's path
 * @hits: (nullable): the files that hold one, or %NULL when that is not known
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what makes the files of an environment find
 *   themselves, or %NULL with @error set
 */
KslurmSquashLocator *
kslurm_squash_locator_new(const char *const *places,
                          const char *const *hits,
                          GError **error)
{
  g_autoptr(KslurmSquashLocator) locator = g_new0(KslurmSquashLocator, 1);

  locator->changed =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  locator->unknown = g_ptr_array_new_with_free_func(g_free);
  if (hits != NULL)
    locator->hits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; hits != NULL && hits[i] != NULL; i++)
    g_hash_table_add(locator->hits, g_strdup(hits[i]));
  if (places[0] == NULL)
    return g_steal_pointer(&locator);
  locator->relocation = kslurm_relocation_new(places, SELF, error);
  return locator->relocation != NULL ? g_steal_pointer(&locator) : NULL;
}

/**
 * kslurm_squash_locator_free: (skip)
 * @locator: (transfer full): a locator
 */
void
kslurm_squash_locator_free(KslurmSquashLocator *locator)
{
  g_clear_pointer(&locator->relocation, kslurm_relocation_free);
  g_clear_pointer(&locator->hits, g_hash_table_unref);
  g_hash_table_unref(locator->changed);
  g_ptr_array_unref(locator->unknown);
  g_free(locator);
}

/**
 * kslurm_squash_locator_wants: (skip)
 * @locator: a locator
 * @name: a file's name below the environment
 * @size: its size
 *
 * Returns: whether the file must be passed through kslurm_squash_locator_apply()
 */
gboolean
kslurm_squash_locator_wants(KslurmSquashLocator *locator, const char *name, guint64 size)
{
  gboolean named = locator->hits == NULL || g_hash_table_contains(locator->hits, name);

  if (!named || locator->relocation == NULL || g_str_has_suffix(name, ".pyc"))
    return FALSE;
  if (size > LIMIT && locator->hits != NULL)
    g_ptr_array_add(locator->unknown, g_strdup(name));
  return size <= LIMIT;
}

/**
 * kslurm_squash_locator_apply: (skip)
 * @locator: a locator that wants the file
 * @name: a file's name below the environment
 * @bytes: what it holds
 *
 * Returns: (transfer full): what the image's file holds
 */
GBytes *
kslurm_squash_locator_apply(KslurmSquashLocator *locator, const char *name, GBytes *bytes)
{
  g_autoptr(GBytes) plain = NULL, located = NULL;
  KslurmRelocated relocated =
      kslurm_relocation_apply(locator->relocation, name, bytes, &plain);
  KslurmSelfLocated found = KSLURM_SELF_LOCATED_NOT;

  if (relocated == KSLURM_RELOCATED_YES)
    found = kslurm_self_locate(SELF, name, plain, &located);
  if (relocated == KSLURM_RELOCATED_UNKNOWN || found == KSLURM_SELF_LOCATED_UNKNOWN)
    g_ptr_array_add(locator->unknown, g_strdup(name));
  else if (found == KSLURM_SELF_LOCATED_YES) {
    g_hash_table_insert(locator->changed, g_strdup(name), g_bytes_ref(located));
    return g_steal_pointer(&located);
  }
  return g_bytes_ref(bytes);
}

/**
 * kslurm_squash_locator_dup_target: (skip)
 * @locator: a locator
 * @name: a symlink's name below the environment
 * @target: where it leads
 *
 * Returns: (transfer full): where the image's symlink leads
 */
char *
kslurm_squash_locator_dup_target(KslurmSquashLocator *locator,
                                 const char *name,
                                 const char *target)
{
  g_autofree char *inside = locator->relocation != NULL
                                ? kslurm_relocation_dup_target(locator->relocation, target)
                                : NULL;

  return inside != NULL ? kslurm_self_locate_dup_target(SELF, name, inside)
                        : g_strdup(target);
}

/**
 * kslurm_squash_locator_get_changed: (skip)
 * @locator: a locator
 *
 * Returns: (element-type utf8 GBytes): the files whose content is another now
 */
GHashTable *
kslurm_squash_locator_get_changed(KslurmSquashLocator *locator)
{
  return locator->changed;
}

/**
 * kslurm_squash_locator_get_unknown: (skip)
 * @locator: a locator
 *
 * Returns: (element-type utf8): the files that still name the old place
 */
const GPtrArray *
kslurm_squash_locator_get_unknown(KslurmSquashLocator *locator)
{
  return locator->unknown;
}
