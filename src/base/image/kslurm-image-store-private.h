/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/stat.h>

#include "base/image/kslurm-image-store.h"

G_BEGIN_DECLS

struct _KslurmImageStore {
  char *path;
};

typedef gboolean (*KslurmImageVisit)(const char *name, gboolean is_link, gpointer data);

void kslurm_image_store_walk(const KslurmImageStore *store,
                             const char *folder,
                             KslurmImageVisit visit,
                             gpointer data);

gboolean kslurm_image_store_put_link(const KslurmImageStore *store,
                                     const char *name,
                                     const char *target,
                                     GError **error);
char *kslurm_image_store_read_link(const KslurmImageStore *store, const char *name);
char *
kslurm_image_store_follow(const KslurmImageStore *store, const char *name, struct stat *st);

char *kslurm_image_store_dup_uri(const KslurmReference *reference, const char *platform);
char *kslurm_image_name_dup_digest(const char *name);

gint64 kslurm_image_store_get_now(const KslurmImageStore *store);
gint64 kslurm_image_store_get_used(const KslurmImageStore *store,
                                   const char *name,
                                   const struct stat *st);

G_END_DECLS
