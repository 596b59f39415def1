/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmDescriptor: (skip)
 * @type: its media type; empty when it was not said
 * @digest: "sha256:…"
 * @size: in bytes
 *
 * What a manifest says of a blob, or an index of a manifest.
 */
typedef struct {
  char *type;
  char *digest;
  guint64 size;
} KslurmDescriptor;

KslurmDescriptor *kslurm_descriptor_new(const char *type, const char *digest, guint64 size);
void kslurm_descriptor_free(KslurmDescriptor *descriptor);

KslurmDescriptor *kslurm_descriptor_from_object(JsonObject *object);
GPtrArray *kslurm_descriptor_read_list(JsonObject *object, const char *name, guint limit);
void kslurm_descriptor_build(const KslurmDescriptor *descriptor, JsonBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmDescriptor, kslurm_descriptor_free)

G_END_DECLS
