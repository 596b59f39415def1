/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/image/kslurm-manifest.h"
#include "base/image/kslurm-mirrors.h"
#include "base/image/kslurm-reference.h"

G_BEGIN_DECLS

/**
 * KslurmRegistry: (skip)
 *
 * What one operation asks of registries: connections, tokens, and the manifests that it has
 * seen. It is used from any thread.
 */
typedef struct _KslurmRegistry KslurmRegistry;

/**
 * KslurmRegistryManifest: (skip)
 * @digest: of the manifest
 * @data: its bytes, which have this digest
 * @manifest: what they say: an image, never an index
 */
typedef struct {
  char *digest;
  GBytes *data;
  KslurmManifest *manifest;
} KslurmRegistryManifest;

KslurmRegistry *kslurm_registry_new(KslurmMirrors *mirrors, guint connections);
KslurmRegistry *kslurm_registry_ref(KslurmRegistry *registry);
void kslurm_registry_unref(KslurmRegistry *registry);

char *kslurm_registry_resolve(KslurmRegistry *registry,
                              const KslurmReference *reference,
                              GCancellable *cancellable,
                              GError **error);

KslurmRegistryManifest *kslurm_registry_get_manifest(KslurmRegistry *registry,
                                                     const KslurmReference *reference,
                                                     const char *digest,
                                                     const char *platform,
                                                     GCancellable *cancellable,
                                                     GError **error);
void kslurm_registry_manifest_free(KslurmRegistryManifest *manifest);

gboolean kslurm_registry_get_file(KslurmRegistry *registry,
                                  const KslurmReference *reference,
                                  guint64 *size,
                                  char **validator,
                                  GCancellable *cancellable,
                                  GError **error);

GInputStream *kslurm_registry_open_blob(KslurmRegistry *registry,
                                        const KslurmReference *reference,
                                        const char *digest,
                                        guint64 offset,
                                        guint64 *start,
                                        GCancellable *cancellable,
                                        GError **error);

gboolean kslurm_registry_leave_mirrors(KslurmRegistry *registry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmRegistry, kslurm_registry_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmRegistryManifest, kslurm_registry_manifest_free)

G_END_DECLS
