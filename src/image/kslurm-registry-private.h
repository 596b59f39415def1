/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/kslurm-auth.h"
#include "image/kslurm-registry.h"
#include "image/kslurm-transport.h"

G_BEGIN_DECLS

struct _KslurmRegistry {
  KslurmMirrors *mirrors;
  KslurmTransport *transport;
  KslurmAuth *auth;
  GMutex mutex;
  GHashTable *schemes; /* host → what it speaks, of hosts that may speak either */
  GHashTable *silent;  /* set of hosts of mirrors that could not be reached */
  int mirrors_used;    /* atomic: a mirror has answered */
  int mirrors_left;    /* atomic: mirrors are asked no more */
  GHashTable *seen;    /* digest → GBytes, of manifests */
};

/**
 * KslurmQuery: (skip)
 * @method: "GET" or "HEAD"
 * @kind: (nullable): "manifests" or "blobs"; %NULL of a URL
 * @name: (nullable): of it: a tag or a digest
 * @accept: (nullable): which media types
 * @validator: (nullable): the state that @offset is of
 * @offset: where to begin
 */
typedef struct {
  const char *method;
  const char *kind;
  const char *name;
  const char *accept;
  const char *validator;
  guint64 offset;
} KslurmQuery;

KslurmAnswer *kslurm_registry_ask(KslurmRegistry *registry,
                                  const KslurmReference *reference,
                                  const KslurmQuery *query,
                                  GCancellable *cancellable,
                                  GError **error);
gboolean kslurm_registry_set_complaint(const char *host,
                                       const char *subject,
                                       const KslurmAnswer *answer,
                                       GBytes *body,
                                       GError **error);

char *kslurm_registry_dup_accept(void);
GBytes *kslurm_registry_fetch(KslurmRegistry *registry,
                              const KslurmReference *reference,
                              const char *name,
                              char **digest,
                              GCancellable *cancellable,
                              GError **error);
gboolean kslurm_registry_check_plain(const KslurmAnswer *answer,
                                     const char *subject,
                                     GError **error);

G_END_DECLS
