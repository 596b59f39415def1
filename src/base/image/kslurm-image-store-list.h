/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-image-store.h"

G_BEGIN_DECLS

/**
 * KslurmStoredImage: (skip)
 * @uri: (nullable): the reference for people, or %NULL for data that no reference names
 * @reference: (nullable): the same, when it could be read
 * @platform: (nullable): an architecture, or %NULL for this machine's
 * @digest: (nullable): "sha256:…", or %NULL when the older kslurm did not know it
 * @path: (nullable): its data, or %NULL when that is gone
 * @size: in bytes
 * @created: when its data was made, in seconds since 1970
 * @used: when it was last used, as far as can be known, in seconds since 1970
 *
 * A name of an image in the store, or data without a name.
 */
typedef struct {
  char *uri;
  KslurmReference *reference;
  char *platform;
  char *digest;
  char *path;
  guint64 size;
  gint64 created;
  gint64 used;
} KslurmStoredImage;

void kslurm_stored_image_free(KslurmStoredImage *image);

GPtrArray *kslurm_image_store_list(const KslurmImageStore *store);

/**
 * KslurmPurge: (skip)
 * @removed: (element-type KslurmStoredImage): what is gone, or would be
 * @spared: (element-type KslurmStoredImage): what was used within the last day
 * @failed: (element-type KslurmStoredImage): what could not be removed
 */
typedef struct {
  GPtrArray *removed;
  GPtrArray *spared;
  GPtrArray *failed;
} KslurmPurge;

void kslurm_purge_free(KslurmPurge *purge);

KslurmPurge *kslurm_image_store_purge_images(const KslurmImageStore *store,
                                             const char *digest,
                                             gboolean all,
                                             gboolean dry);
KslurmPurge *
kslurm_image_store_purge_blobs(const KslurmImageStore *store, gboolean all, gboolean dry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmStoredImage, kslurm_stored_image_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmPurge, kslurm_purge_free)

G_END_DECLS
