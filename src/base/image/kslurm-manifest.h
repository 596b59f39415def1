/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-descriptor.h"

G_BEGIN_DECLS

#define KSLURM_MANIFEST_LIMIT (4 * 1024 * 1024) /* what registries must take, and we */
#define KSLURM_MANIFEST_DEPTH 4                 /* an index in an index, and so on */

extern const char *const kslurm_manifest_types[];

/**
 * KslurmManifestEntry: (skip)
 * @target: a manifest, or an index
 * @os: empty when it was not said
 * @arch: empty when it was not said
 * @variant: empty when it was not said
 *
 * A row of an index.
 */
typedef struct {
  KslurmDescriptor *target;
  char *os;
  char *arch;
  char *variant;
} KslurmManifestEntry;

/**
 * KslurmManifest: (skip)
 * @type: its media type
 * @config: (nullable): of an image its config; %NULL of an index
 * @layers: (element-type KslurmDescriptor): of an image its layers, the lowest first
 * @entries: (element-type KslurmManifestEntry): of an index its rows
 */
typedef struct {
  char *type;
  KslurmDescriptor *config;
  GPtrArray *layers;
  GPtrArray *entries;
} KslurmManifest;

/**
 * KslurmLayerKind: (skip)
 * @KSLURM_LAYER_UNKNOWN: no layer of a file system
 * @KSLURM_LAYER_TAR: plain
 * @KSLURM_LAYER_GZIP: gzip
 * @KSLURM_LAYER_ZSTD: zstd
 * @KSLURM_LAYER_SIF: a whole image, ready to run
 *
 * What a layer's media type promises.
 */
typedef enum {
  KSLURM_LAYER_UNKNOWN,
  KSLURM_LAYER_TAR,
  KSLURM_LAYER_GZIP,
  KSLURM_LAYER_ZSTD,
  KSLURM_LAYER_SIF
} KslurmLayerKind;

KslurmManifest *kslurm_manifest_parse(const char *data,
                                      gssize length,
                                      const char *content_type,
                                      GError **error);
void kslurm_manifest_free(KslurmManifest *manifest);

gboolean kslurm_manifest_is_index(const KslurmManifest *manifest);
guint64 kslurm_manifest_get_size(const KslurmManifest *manifest);
GPtrArray *kslurm_manifest_choose(const KslurmManifest *manifest,
                                  const char *platform,
                                  GError **error);

KslurmLayerKind kslurm_layer_kind(const char *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmManifest, kslurm_manifest_free)

G_END_DECLS
