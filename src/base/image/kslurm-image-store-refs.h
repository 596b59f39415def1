/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-image-store.h"

G_BEGIN_DECLS

/**
 * KslurmImageRef: (skip)
 * @uri: the reference in its one form
 * @platform: (nullable): an architecture, or %NULL for this machine's
 * @image: the digest that the data has in the store
 * @answer: (nullable): the digest that the registry gave for the name, of an index or a
 *   manifest: while it gives the same again, nothing has changed; %NULL of a URL
 * @manifest: (nullable): the digest of the manifest that was chosen
 * @config: (nullable): the digest of the config, which a ready SIF need not have
 * @validator: (nullable): what the server of a URL gave to ask for changes with
 * @layers: (element-type KslurmDescriptor): the layers, the lowest first
 * @time: when it was pulled, in seconds since 1970
 *
 * What a reference meant when it was pulled.
 */
typedef struct {
  char *uri;
  char *platform;
  char *image;
  char *answer;
  char *manifest;
  char *config;
  char *validator;
  GPtrArray *layers;
  gint64 time;
} KslurmImageRef;

KslurmImageRef *kslurm_image_ref_new(void);
void kslurm_image_ref_free(KslurmImageRef *ref);

char *kslurm_image_ref_to_json(const KslurmImageRef *ref);
KslurmImageRef *kslurm_image_ref_from_json(const char *data, gssize length, GError **error);

KslurmImageRef *kslurm_image_store_read_ref(const KslurmImageStore *store,
                                            const KslurmReference *reference,
                                            const char *platform);
gboolean kslurm_image_store_write_ref(const KslurmImageStore *store,
                                      const KslurmReference *reference,
                                      const char *platform,
                                      const KslurmImageRef *ref,
                                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmImageRef, kslurm_image_ref_free)

G_END_DECLS
