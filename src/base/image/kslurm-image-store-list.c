/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-list.h"

#include <string.h>

#include "base/image/kslurm-image-store-names.h"
#include "base/image/kslurm-image-store-private.h"
#include "base/util/kslurm-text.h"

#define URIS "uris/"

/**
 * kslurm_stored_image_free: (skip)
 * @image: (transfer full): an image
 */
void
kslurm_stored_image_free(KslurmStoredImage *image)
{
  g_free(image->uri);
  g_clear_pointer(&image->reference, kslurm_reference_unref);
  g_free(image->platform);
  g_free(image->digest);
  g_free(image->path);
  g_free(image);
}

typedef struct {
  const KslurmImageStore *store;
  GPtrArray *images;
  GHashTable *named;
  gboolean marks;
} Listing;

static void
take_data(const Listing *listing,
          KslurmStoredImage *image,
          const char *name,
          gboolean is_link)
{
  const KslurmImageStore *store = listing->store;
  struct stat st;
  g_autofree char *target = is_link ? kslurm_image_store_read_link(store, name) : NULL;
  g_autofree char *data =
      kslurm_image_store_follow(store, target != NULL ? target : name, &st);

  if (data == NULL)
    return;
  image->path = kslurm_image_store_dup_path(store, data);
  image->digest = kslurm_image_name_dup_digest(data);
  image->size = (guint64)st.st_size;
  image->created = st.st_mtime;
  image->used = listing->marks ? kslurm_image_store_get_used(store, data, &st)
                               : MAX(st.st_atime, st.st_mtime);
}

/* links that are not ours are shown by their path: they hold their data all the same */
static gboolean
add_named(const char *name, gboolean is_link, gpointer data)
{
  Listing *listing = data;
  KslurmStoredImage *image = g_new0(KslurmStoredImage, 1);

  image->reference = kslurm_image_names_read_link(name + strlen(URIS), &image->platform);
  image->uri = image->reference != NULL ? kslurm_reference_to_string(image->reference)
                                        : kslurm_text_clean(name);
  take_data(listing, image, name, is_link);
  if (image->path != NULL)
    g_hash_table_add(listing->named, g_strdup(image->path));
  g_ptr_array_add(listing->images, image);
  return TRUE;
}

static gboolean
add_unnamed(const char *name, gboolean is_link, gpointer data)
{
  Listing *listing = data;
  g_autofree char *path = kslurm_image_store_dup_path(listing->store, name);
  g_autofree char *digest = kslurm_image_name_dup_digest(name);

  if (digest != NULL && !is_link && !g_hash_table_contains(listing->named, path)) {
    KslurmStoredImage *image = g_new0(KslurmStoredImage, 1);

    take_data(listing, image, name, FALSE);
    g_ptr_array_add(listing->images, image);
  }
  return TRUE;
}

/* what has no name comes last */
static int
compare(gconstpointer a, gconstpointer b)
{
  const KslurmStoredImage *first = *(const KslurmStoredImage *const *)a;
  const KslurmStoredImage *second = *(const KslurmStoredImage *const *)b;
  int order = 0;

  if ((first->uri == NULL) != (second->uri == NULL))
    return first->uri == NULL ? 1 : -1;
  order = g_strcmp0(first->uri, second->uri);
  if (order == 0)
    order = g_strcmp0(first->platform, second->platform);
  return order != 0 ? order : g_strcmp0(first->digest, second->digest);
}

/**
 * kslurm_image_store_list: (skip)
 * @store: a store
 *
 * Returns: (transfer full) (element-type KslurmStoredImage): every name of an image, in
 * order, and then data that has none
 */
GPtrArray *
kslurm_image_store_list(const KslurmImageStore *store)
{
  g_autoptr(GHashTable) named =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *images =
      g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_stored_image_free);
  g_autofree char *marks = kslurm_image_store_dup_path(store, "used");
  Listing listing = {store, images, named, g_file_test(marks, G_FILE_TEST_IS_DIR)};

  kslurm_image_store_walk(store, "uris", add_named, &listing);
  kslurm_image_store_walk(store, "images", add_unnamed, &listing);
  g_ptr_array_sort(images, compare);
  return images;
}
