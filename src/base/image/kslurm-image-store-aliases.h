/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-image-store.h"

G_BEGIN_DECLS

/**
 * KslurmImageAlias: (skip)
 * @name: the alias
 * @uri: what it stands for, for people
 * @reference: (nullable): the same, when it could be read
 * @platform: (nullable): an architecture, or %NULL for this machine's
 * @path: (nullable): the image's data, or %NULL when it is not in the store
 */
typedef struct {
  char *name;
  char *uri;
  KslurmReference *reference;
  char *platform;
  char *path;
} KslurmImageAlias;

void kslurm_image_alias_free(KslurmImageAlias *alias);

gboolean kslurm_image_alias_check(const char *name, GError **error);

KslurmImageAlias *kslurm_image_store_get_alias(const KslurmImageStore *store,
                                               const char *name);
GPtrArray *kslurm_image_store_list_aliases(const KslurmImageStore *store);

gboolean kslurm_image_store_set_alias(const KslurmImageStore *store,
                                      const char *name,
                                      const KslurmReference *reference,
                                      const char *platform,
                                      gboolean force,
                                      GError **error);
gboolean kslurm_image_store_remove_alias(const KslurmImageStore *store,
                                         const char *name,
                                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmImageAlias, kslurm_image_alias_free)

G_END_DECLS
