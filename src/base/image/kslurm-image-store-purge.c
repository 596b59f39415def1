/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/image/kslurm-image-store-list.h"
#include "base/image/kslurm-image-store-private.h"

#define DAY (24 * 3600)
/* a pull that was just built gets its name next */
#define BIRTH 60
/* a download that is written to is one that runs */
#define STALLED 600
#define HEX_LENGTH 64

typedef struct {
  const KslurmImageStore *store;
  KslurmPurge *purge;
  gint64 before;
  gboolean dry;
} Sweep;

/**
 * kslurm_purge_free: (skip)
 * @purge: (transfer full): what was purged
 */
void
kslurm_purge_free(KslurmPurge *purge)
{
  g_ptr_array_unref(purge->removed);
  g_ptr_array_unref(purge->spared);
  g_ptr_array_unref(purge->failed);
  g_free(purge);
}

static KslurmPurge *
new_purge(void)
{
  KslurmPurge *purge = g_new0(KslurmPurge, 1);

  purge->removed = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_stored_image_free);
  purge->spared = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_stored_image_free);
  purge->failed = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_stored_image_free);
  return purge;
}

/* since it was listed somebody may have given it a name, and marked it first */
static void
look_again(const KslurmImageStore *store, KslurmStoredImage *image)
{
  struct stat st;

  if (lstat(image->path, &st) == 0)
    image->used =
        kslurm_image_store_get_used(store, image->path + strlen(store->path) + 1, &st);
}

static void
sweep_one(Sweep *sweep, KslurmStoredImage *image)
{
  look_again(sweep->store, image);
  if (image->used > sweep->before)
    g_ptr_array_add(sweep->purge->spared, image);
  else if (sweep->dry || g_unlink(image->path) == 0 || errno == ENOENT)
    g_ptr_array_add(sweep->purge->removed, image);
  else
    g_ptr_array_add(sweep->purge->failed, image);
}

static gboolean
drop_dangling(const char *name, gboolean is_link, gpointer data)
{
  const KslurmImageStore *store = data;
  g_autofree char *target = is_link ? kslurm_image_store_read_link(store, name) : NULL;
  g_autofree char *found = kslurm_image_store_follow(store, name, NULL);

  if (target != NULL && found == NULL) {
    g_autofree char *path = kslurm_image_store_dup_path(store, name);

    g_unlink(path);
  }
  return TRUE;
}

/* marks of other users' images; a mark that stays costs nothing but its entry */
static void
drop_marks(const KslurmImageStore *store, const GPtrArray *removed)
{
  for (guint i = 0; i < removed->len; i++) {
    const KslurmStoredImage *image = removed->pdata[i];
    g_autofree char *mark =
        g_strconcat(store->path, "/used/", image->digest + strlen("sha256:"), NULL);

    g_unlink(mark);
  }
}

/**
 * kslurm_image_store_purge_images: (skip)
 * @store: a store
 * @digest: (nullable): of one image's data, which may also be new; %NULL for all
 * @all: whether what was used within the last day goes as well, and with it perhaps the
 *   containers that run from it
 * @dry: whether to say only what would be done
 *
 * Removes data that no reference names, and workflow links that lead nowhere.
 *
 * Returns: (transfer full): what was done
 */
KslurmPurge *
kslurm_image_store_purge_images(const KslurmImageStore *store,
                                const char *digest,
                                gboolean all,
                                gboolean dry)
{
  g_autoptr(GPtrArray) images = kslurm_image_store_list(store);
  gint64 now = kslurm_image_store_get_now(store);
  Sweep sweep = {store, new_purge(), all ? G_MAXINT64 : now - DAY, dry};

  for (guint i = images->len; i > 0; i--) {
    const KslurmStoredImage *image = images->pdata[i - 1];

    if (image->uri == NULL && (digest != NULL ? g_str_equal(image->digest, digest)
                                              : image->created <= now - BIRTH))
      sweep_one(&sweep, g_ptr_array_steal_index(images, i - 1));
  }
  if (!dry) {
    kslurm_image_store_walk(store, "snakemake", drop_dangling, (gpointer)store);
    kslurm_image_store_walk(store, "nextflow", drop_dangling, (gpointer)store);
    drop_marks(store, sweep.purge->removed);
  }
  return sweep.purge;
}

static gboolean
sweep_blob(const char *name, gboolean is_link, gpointer data)
{
  Sweep *sweep = data;
  g_autofree char *path = kslurm_image_store_dup_path(sweep->store, name);
  KslurmStoredImage *blob = NULL;
  struct stat st;

  if (lstat(path, &st) != 0)
    return TRUE;
  blob = g_new0(KslurmStoredImage, 1);
  blob->digest = g_strdup_printf("sha256:%.*s", HEX_LENGTH, strrchr(name, '/') + 1);
  blob->path = g_steal_pointer(&path);
  blob->size = (guint64)st.st_size;
  blob->created = st.st_mtime;
  blob->used = MAX(st.st_mtime, st.st_atime);
  sweep_one(sweep, blob);
  return TRUE;
}

/* 'work/HEX….part': what a cancelled download left, and nobody went on with */
static gboolean
sweep_part(const char *name, gboolean is_link, gpointer data)
{
  const char *hex = strrchr(name, '/') + 1;

  if (strspn(hex, "0123456789abcdef") == HEX_LENGTH && hex[HEX_LENGTH] == '.' &&
      g_str_has_suffix(hex, ".part"))
    sweep_blob(name, is_link, data);
  return TRUE;
}

/**
 * kslurm_image_store_purge_blobs: (skip)
 * @store: a store
 * @all: whether what was used within the last day goes as well, and with it perhaps what a
 *   waiting job needs
 * @dry: whether to say only what would be done
 *
 * Removes downloaded layers, which only the next pull or build would miss, and parts of
 * layers that no download writes to any more.
 *
 * Returns: (transfer full): what was done
 */
KslurmPurge *
kslurm_image_store_purge_blobs(const KslurmImageStore *store, gboolean all, gboolean dry)
{
  gint64 now = kslurm_image_store_get_now(store);
  Sweep sweep = {store, new_purge(), all ? G_MAXINT64 : now - DAY, dry};

  kslurm_image_store_walk(store, "blobs", sweep_blob, &sweep);
  sweep.before = now - (all ? STALLED : DAY);
  kslurm_image_store_walk(store, "work", sweep_part, &sweep);
  return sweep.purge;
}
