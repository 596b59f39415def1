/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/image/kslurm-image-store-aliases.h"
#include "base/image/kslurm-image-store-names.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

#define HEX_LENGTH 64

/**
 * kslurm_image_store_new: (skip)
 * @pipdir: the configured folder
 *
 * Returns: (transfer full): the store in @pipdir, which may not be there yet
 */
KslurmImageStore *
kslurm_image_store_new(const char *pipdir)
{
  KslurmImageStore *store = g_new0(KslurmImageStore, 1);
  g_autofree char *path = g_build_filename(pipdir, "containers", NULL);

  store->path = g_canonicalize_filename(path, NULL);
  return store;
}

/**
 * kslurm_image_store_free: (skip)
 * @store: (transfer full): a store
 */
void
kslurm_image_store_free(KslurmImageStore *store)
{
  g_free(store->path);
  g_free(store);
}

/**
 * kslurm_image_store_get_path: (skip)
 * @store: a store
 *
 * Returns: (transfer none): its folder
 */
const char *
kslurm_image_store_get_path(const KslurmImageStore *store)
{
  return store->path;
}

/**
 * kslurm_image_store_dup_path: (skip)
 * @store: a store
 * @name: a path inside it
 *
 * Returns: (transfer full): the whole path
 */
char *
kslurm_image_store_dup_path(const KslurmImageStore *store, const char *name)
{
  return g_build_filename(store->path, name, NULL);
}

static const char *
skip_kind(const char *digest)
{
  const char *colon = strchr(digest, ':');

  return colon != NULL ? colon + 1 : digest;
}

/**
 * kslurm_image_store_dup_image: (skip)
 * @store: a store
 * @digest: that of the image's config, or of a ready SIF
 *
 * Returns: (transfer full): where the image's data is, or will be
 */
char *
kslurm_image_store_dup_image(const KslurmImageStore *store, const char *digest)
{
  return g_strconcat(store->path, "/images/", skip_kind(digest), ".sif", NULL);
}

/**
 * kslurm_image_store_dup_blob: (skip)
 * @store: a store
 * @digest: a layer's digest
 *
 * Returns: (transfer full): where the layer is, or will be
 */
char *
kslurm_image_store_dup_blob(const KslurmImageStore *store, const char *digest)
{
  return g_strconcat(store->path, "/blobs/sha256/", skip_kind(digest), NULL);
}

/**
 * kslurm_image_name_dup_digest: (skip)
 * @name: a path inside a store
 *
 * Returns: (transfer full) (nullable): the digest in the name of an image's data
 */
char *
kslurm_image_name_dup_digest(const char *name)
{
  const char *hex = strrchr(name, '/');

  hex = hex != NULL ? hex + 1 : name;
  if (strspn(hex, "0123456789abcdef") != HEX_LENGTH ||
      !g_str_equal(hex + HEX_LENGTH, ".sif") || !g_str_has_prefix(name, "images/"))
    return NULL;
  return g_strdup_printf("sha256:%.*s", HEX_LENGTH, hex);
}

/**
 * kslurm_image_store_prepare: (skip)
 * @store: a store
 * @error: return location
 *
 * Makes the folders that are missing. They are for a group when the user's umask says so.
 *
 * Returns: whether all are there
 */
gboolean
kslurm_image_store_prepare(const KslurmImageStore *store, GError **error)
{
  static const char *const folders[] = {"images",    "uris",     "refs",         "aliases",
                                        "snakemake", "nextflow", "blobs/sha256", "work"};

  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *path = kslurm_image_store_dup_path(store, folders[i]);

    if (g_mkdir_with_parents(path, 0777) != 0)
      return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), path);
  }
  return TRUE;
}

/**
 * kslurm_image_store_dup_uri: (skip)
 * @reference: a reference
 * @platform: (nullable): an architecture, or %NULL for this machine's
 *
 * Returns: (transfer full): the path of its link inside a store
 */
char *
kslurm_image_store_dup_uri(const KslurmReference *reference, const char *platform)
{
  g_autofree char *link = kslurm_image_names_dup_link(reference, platform);

  return g_strconcat("uris/", link, NULL);
}

/**
 * kslurm_image_store_find: (skip)
 * @store: a store
 * @reference: a reference
 * @platform: (nullable): an architecture, or %NULL for this machine's
 *
 * Returns: (transfer full) (nullable): the SIF of @reference, or %NULL when it is not here
 */
char *
kslurm_image_store_find(const KslurmImageStore *store,
                        const KslurmReference *reference,
                        const char *platform)
{
  g_autofree char *uri = kslurm_image_store_dup_uri(reference, platform);
  g_autofree char *name = kslurm_image_store_follow(store, uri, NULL);

  return name != NULL ? kslurm_image_store_dup_path(store, name) : NULL;
}

static char *
find_named(const KslurmImageStore *store,
           const char *text,
           const char *platform,
           KslurmReference **reference,
           GError **error)
{
  g_autofree char *path = NULL;

  *reference = kslurm_reference_parse(text, error);
  if (*reference == NULL)
    return NULL;
  path = kslurm_image_store_find(store, *reference, platform);
  if (path == NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("image '%s' is not in the store; get it with 'kapp pull %s'"), text,
                text);
  return g_steal_pointer(&path);
}

/**
 * kslurm_image_store_resolve: (skip)
 * @store: a store
 * @text: an alias or a reference; an alias is looked for first
 * @platform: (nullable): an architecture, or %NULL for this machine's; an alias has its own
 * @reference: (out) (nullable) (transfer full): what @text stands for, where it is known
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the SIF, or %NULL with %KSLURM_ERROR_NOT_FOUND or
 *   %KSLURM_ERROR_USAGE
 */
char *
kslurm_image_store_resolve(const KslurmImageStore *store,
                           const char *text,
                           const char *platform,
                           KslurmReference **reference,
                           GError **error)
{
  g_autoptr(KslurmImageAlias) alias = kslurm_image_store_get_alias(store, text);
  g_autofree char *path = NULL;

  *reference = NULL;
  if (alias == NULL)
    return find_named(store, text, platform, reference, error);
  if (alias->reference != NULL)
    *reference = kslurm_reference_ref(alias->reference);
  if (alias->path == NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("the image '%s' of the alias '%s' is gone; get it with 'kapp pull %s'"),
                alias->uri, text, alias->uri);
  return g_strdup(alias->path);
}
