/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/image/kslurm-image-store-aliases.h"
#include "base/image/kslurm-image-store-names.h"
#include "base/image/kslurm-image-store-private.h"
#include "base/util/kslurm-error-private.h"

/* for the machine's own platform only: workflows name no other */
static gboolean
put_forms(const KslurmImageStore *store,
          const KslurmReference *reference,
          const char *typed,
          const char *uri,
          GError **error)
{
  g_auto(GStrv) forms = kslurm_image_names_list_forms(reference, typed);

  for (gsize i = 0; forms[i] != NULL; i++) {
    g_autofree char *simg = kslurm_image_names_dup_snakemake(forms[i]);
    g_autofree char *snakemake = g_strconcat("snakemake/", simg, NULL);
    g_autofree char *img = kslurm_image_names_dup_nextflow(forms[i]);
    g_autofree char *nextflow = img != NULL ? g_strconcat("nextflow/", img, NULL) : NULL;

    if (!kslurm_image_store_put_link(store, snakemake, uri, error) ||
        (nextflow != NULL && !kslurm_image_store_put_link(store, nextflow, uri, error)))
      return FALSE;
  }
  return TRUE;
}

/**
 * kslurm_image_store_link: (skip)
 * @store: a store that is prepared
 * @reference: a reference
 * @platform: (nullable): an architecture, or %NULL for this machine's
 * @digest: of the image's data, which is in its place
 * @typed: (nullable): the reference as the user wrote it
 * @error: return location
 *
 * Gives an image its names: that of the reference, and those that workflows look for, which
 * follow when the reference moves.
 *
 * Returns: whether all are there
 */
gboolean
kslurm_image_store_link(const KslurmImageStore *store,
                        const KslurmReference *reference,
                        const char *platform,
                        const char *digest,
                        const char *typed,
                        GError **error)
{
  g_autofree char *uri = kslurm_image_store_dup_uri(reference, platform);
  g_autofree char *image = kslurm_image_store_dup_image(store, digest);

  /* a purge that looked before spares it then */
  kslurm_image_store_mark_used(store, image);
  return kslurm_image_store_put_link(store, uri, image + strlen(store->path) + 1, error) &&
         (platform != NULL || put_forms(store, reference, typed, uri, error));
}

typedef struct {
  const KslurmImageStore *store;
  const char *uri;
  GPtrArray *names;
} Search;

static gboolean
collect(const char *name, gboolean is_link, gpointer data)
{
  Search *search = data;
  g_autofree char *target =
      is_link ? kslurm_image_store_read_link(search->store, name) : NULL;

  if (g_strcmp0(target, search->uri) == 0)
    g_ptr_array_add(search->names, g_strdup(name));
  return TRUE;
}

static GPtrArray *
find_links_to(const KslurmImageStore *store, const char *folder, const char *uri)
{
  Search search = {store, uri, g_ptr_array_new_with_free_func(g_free)};

  kslurm_image_store_walk(store, folder, collect, &search);
  return search.names;
}

static void
drop_all(const KslurmImageStore *store, GPtrArray *names)
{
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = kslurm_image_store_dup_path(store, names->pdata[i]);

    g_unlink(path);
  }
}

static char **
drop_aliases(const KslurmImageStore *store, const char *uri)
{
  g_autoptr(GPtrArray) links = find_links_to(store, "aliases", uri);
  GPtrArray *names = g_ptr_array_new();

  drop_all(store, links);
  for (guint i = 0; i < links->len; i++)
    g_ptr_array_add(names, g_path_get_basename(links->pdata[i]));
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

/* another one's pull may be about to use a folder: it makes it again */
static void
drop_empty_folders(const KslurmImageStore *store, const char *uri)
{
  g_autofree char *name = g_path_get_dirname(uri);

  while (strchr(name, '/') != NULL) {
    g_autofree char *path = kslurm_image_store_dup_path(store, name);

    if (g_rmdir(path) != 0)
      return;
    *strrchr(name, '/') = '\0';
  }
}

/**
 * kslurm_image_store_unlink: (skip)
 * @store: a store
 * @reference: a reference
 * @platform: (nullable): an architecture, or %NULL for this machine's
 * @aliases: (out) (nullable): the aliases that went with it
 * @error: return location
 *
 * Takes a reference's name, aliases, workflow links and what was remembered of it out of
 * the store. The data stays until it is purged.
 *
 * Returns: whether the name is gone; without it %KSLURM_ERROR_NOT_FOUND
 */
gboolean
kslurm_image_store_unlink(const KslurmImageStore *store,
                          const KslurmReference *reference,
                          const char *platform,
                          char ***aliases,
                          GError **error)
{
  g_autofree char *uri = kslurm_image_store_dup_uri(reference, platform);
  g_autofree char *path = kslurm_image_store_dup_path(store, uri);
  g_autofree char *text = kslurm_reference_to_string(reference);
  g_autofree char *file = kslurm_image_names_dup_ref(reference, platform);
  g_autofree char *ref = g_strconcat(store->path, "/refs/", file, NULL);
  g_autoptr(GPtrArray) snakemake = find_links_to(store, "snakemake", uri);
  g_autoptr(GPtrArray) nextflow = find_links_to(store, "nextflow", uri);

  *aliases = NULL;
  if (g_unlink(path) != 0) {
    if (errno != ENOENT && errno != ENOTDIR)
      return kslurm_set_errno(error, errno, _("cannot remove '%s'"), path);
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("image '%s' is not in the store"), text);
    return FALSE;
  }
  drop_all(store, snakemake);
  drop_all(store, nextflow);
  *aliases = drop_aliases(store, uri);
  g_unlink(ref);
  drop_empty_folders(store, uri);
  return TRUE;
}
