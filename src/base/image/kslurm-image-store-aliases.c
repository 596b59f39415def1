/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-aliases.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/image/kslurm-image-store-names.h"
#include "base/image/kslurm-image-store-private.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"

#define MAX_LENGTH 128
#define URIS "uris/"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789_.-+";

/**
 * kslurm_image_alias_free: (skip)
 * @alias: (transfer full): an alias
 */
void
kslurm_image_alias_free(KslurmImageAlias *alias)
{
  g_free(alias->name);
  g_free(alias->uri);
  g_clear_pointer(&alias->reference, kslurm_reference_unref);
  g_free(alias->platform);
  g_free(alias->path);
  g_free(alias);
}

/**
 * kslurm_image_alias_check: (skip)
 * @name: what a user wants to call an image
 * @error: return location
 *
 * Returns: whether @name can be an alias: nothing that could be read as an image with a
 *   tag, a path or an option
 */
gboolean
kslurm_image_alias_check(const char *name, GError **error)
{
  g_autofree char *clean = kslurm_text_clean(name);

  if (name[0] == '\0')
    return kslurm_set_usage(error, _("an alias may not be empty"));
  if (strpbrk(name, ":/@") != NULL)
    return kslurm_set_usage(error,
                            _("'%s' looks like an image; an alias is one word, such "
                              "as 'fmriprep'"),
                            clean);
  if (!g_ascii_isalnum(name[0]) || name[strspn(name, letters)] != '\0' ||
      strlen(name) > MAX_LENGTH)
    return kslurm_set_usage(error,
                            _("'%s' cannot be an alias; it holds up to %d letters, digits, "
                              "'_', '+', '.' and '-', and begins with a letter or a digit"),
                            clean, MAX_LENGTH);
  return TRUE;
}

/* an older alias may hold what a new one may not */
static gboolean
is_readable(const char *name)
{
  return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

/**
 * kslurm_image_store_get_alias: (skip)
 * @store: a store
 * @name: any word
 *
 * Returns: (transfer full) (nullable): the alias, or %NULL when @name is none
 */
KslurmImageAlias *
kslurm_image_store_get_alias(const KslurmImageStore *store, const char *name)
{
  g_autofree char *link = g_strconcat("aliases/", name, NULL);
  g_autofree char *target =
      is_readable(name) ? kslurm_image_store_read_link(store, link) : NULL;
  g_autoptr(KslurmImageAlias) alias = NULL;
  g_autofree char *data = NULL;

  if (target == NULL)
    return NULL;
  alias = g_new0(KslurmImageAlias, 1);
  alias->name = g_strdup(name);
  if (g_str_has_prefix(target, URIS))
    alias->reference =
        kslurm_image_names_read_link(target + strlen(URIS), &alias->platform);
  alias->uri = alias->reference != NULL ? kslurm_reference_to_string(alias->reference)
                                        : kslurm_text_clean(target);
  data = kslurm_image_store_follow(store, target, NULL);
  if (data != NULL)
    alias->path = kslurm_image_store_dup_path(store, data);
  return g_steal_pointer(&alias);
}

typedef struct {
  const KslurmImageStore *store;
  GPtrArray *aliases;
} Listing;

static gboolean
add(const char *name, gboolean is_link, gpointer data)
{
  Listing *listing = data;
  KslurmImageAlias *alias =
      kslurm_image_store_get_alias(listing->store, name + strlen("aliases/"));

  if (alias != NULL)
    g_ptr_array_add(listing->aliases, alias);
  return TRUE;
}

static int
compare(gconstpointer a, gconstpointer b)
{
  const KslurmImageAlias *const *first = a, *const *second = b;

  return strcmp((*first)->name, (*second)->name);
}

/**
 * kslurm_image_store_list_aliases: (skip)
 * @store: a store
 *
 * Returns: (transfer full) (element-type KslurmImageAlias): its aliases, by name
 */
GPtrArray *
kslurm_image_store_list_aliases(const KslurmImageStore *store)
{
  Listing listing = {
      store, g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_image_alias_free)};

  kslurm_image_store_walk(store, "aliases", add, &listing);
  g_ptr_array_sort(listing.aliases, compare);
  return listing.aliases;
}

static gboolean
is_same_repository(const KslurmReference *a, const KslurmReference *b)
{
  return a != NULL &&
         g_str_equal(kslurm_reference_get_scheme(a), kslurm_reference_get_scheme(b)) &&
         g_str_equal(kslurm_reference_get_host(a), kslurm_reference_get_host(b)) &&
         g_str_equal(kslurm_reference_get_repository(a),
                     kslurm_reference_get_repository(b));
}

/**
 * kslurm_image_store_set_alias: (skip)
 * @store: a store that is prepared
 * @name: the alias
 * @reference: what it is to stand for
 * @platform: (nullable): an architecture, or %NULL for this machine's
 * @force: whether an alias of another repository is moved as well
 * @error: return location
 *
 * Returns: whether @name stands for @reference; one of another repository, without @force,
 *   is %KSLURM_ERROR_EXISTS
 */
gboolean
kslurm_image_store_set_alias(const KslurmImageStore *store,
                             const char *name,
                             const KslurmReference *reference,
                             const char *platform,
                             gboolean force,
                             GError **error)
{
  g_autofree char *link = g_strconcat("aliases/", name, NULL);
  g_autofree char *uri = kslurm_image_store_dup_uri(reference, platform);
  g_autoptr(KslurmImageAlias) old = NULL;

  if (!kslurm_image_alias_check(name, error))
    return FALSE;
  old = kslurm_image_store_get_alias(store, name);
  if (old != NULL && !force && !is_same_repository(old->reference, reference)) {
    g_autofree char *text = kslurm_reference_to_string(reference);

    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
                _("the alias '%s' is '%s'; '--force' moves it to '%s'"), name, old->uri,
                text);
    return FALSE;
  }
  return kslurm_image_store_put_link(store, link, uri, error);
}

/**
 * kslurm_image_store_remove_alias: (skip)
 * @store: a store
 * @name: an alias
 * @error: return location
 *
 * Returns: whether the alias was there and is gone
 */
gboolean
kslurm_image_store_remove_alias(const KslurmImageStore *store,
                                const char *name,
                                GError **error)
{
  g_autofree char *link = g_strconcat("aliases/", name, NULL);
  g_autofree char *path = kslurm_image_store_dup_path(store, link);
  g_autofree char *clean = kslurm_text_clean(name);

  if (is_readable(name) && g_unlink(path) == 0)
    return TRUE;
  if (is_readable(name) && errno != ENOENT)
    return kslurm_set_errno(error, errno, _("cannot remove '%s'"), path);
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND, _("there is no alias '%s'"),
              clean);
  return FALSE;
}
