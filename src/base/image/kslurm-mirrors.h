/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/config/kslurm-config.h"
#include "base/image/kslurm-reference.h"

G_BEGIN_DECLS

/**
 * KslurmPlace: (skip)
 * @host: a registry, with its port when it has one
 * @repository: what the image is called there
 * @mirror: whether it is a copy, and not where the image belongs
 *
 * Where an image can be had.
 */
typedef struct {
  char *host;
  char *repository;
  gboolean mirror;
} KslurmPlace;

/**
 * KslurmMirrors: (skip)
 *
 * What users and sites said of registries: mirrors, and which may be asked without TLS.
 */
typedef struct _KslurmMirrors KslurmMirrors;

KslurmMirrors *kslurm_mirrors_new(void);
KslurmMirrors *kslurm_mirrors_load(KslurmConfig *config, GError **error);
void kslurm_mirrors_free(KslurmMirrors *mirrors);

gboolean kslurm_mirrors_add_toml(KslurmMirrors *mirrors,
                                 const char *data,
                                 gssize length,
                                 GError **error);
gboolean
kslurm_mirrors_add_config(KslurmMirrors *mirrors, KslurmConfig *config, GError **error);

gboolean kslurm_mirrors_is_plain(const KslurmMirrors *mirrors, const char *host);
GPtrArray *kslurm_mirrors_list_places(const KslurmMirrors *mirrors,
                                      const KslurmReference *reference);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmMirrors, kslurm_mirrors_free)

G_END_DECLS
