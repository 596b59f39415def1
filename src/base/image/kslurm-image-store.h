/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-reference.h"

G_BEGIN_DECLS

/**
 * KslurmImageStore: (skip)
 *
 * The folder 'containers' of a pipdir: images by digest, and links to them by name. It is
 * laid out as the older kslurm's, whose absolute links are read; ours are relative, so that
 * a pipdir may move.
 */
typedef struct _KslurmImageStore KslurmImageStore;

KslurmImageStore *kslurm_image_store_new(const char *pipdir);
void kslurm_image_store_free(KslurmImageStore *store);

const char *kslurm_image_store_get_path(const KslurmImageStore *store);
char *kslurm_image_store_dup_path(const KslurmImageStore *store, const char *name);
char *kslurm_image_store_dup_image(const KslurmImageStore *store, const char *digest);
char *kslurm_image_store_dup_blob(const KslurmImageStore *store, const char *digest);

gboolean kslurm_image_store_prepare(const KslurmImageStore *store, GError **error);

char *kslurm_image_store_find(const KslurmImageStore *store,
                              const KslurmReference *reference,
                              const char *platform);
char *kslurm_image_store_resolve(const KslurmImageStore *store,
                                 const char *text,
                                 const char *platform,
                                 KslurmReference **reference,
                                 GError **error);
gboolean kslurm_image_store_link(const KslurmImageStore *store,
                                 const KslurmReference *reference,
                                 const char *platform,
                                 const char *digest,
                                 const char *typed,
                                 GError **error);
gboolean kslurm_image_store_unlink(const KslurmImageStore *store,
                                   const KslurmReference *reference,
                                   const char *platform,
                                   char ***aliases,
                                   GError **error);

void kslurm_image_store_mark_used(const KslurmImageStore *store, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmImageStore, kslurm_image_store_free)

G_END_DECLS
