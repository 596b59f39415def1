/* SPDX-License-Identifier: MIT */
#pragma once

#include <nettle/sha2.h>

#include "image/kslurm-fetch.h"

G_BEGIN_DECLS

/* one blob on its way */
typedef struct {
  char *digest;
  const char *hex; /* in digest */
  guint64 size;
  char *path;            /* where it goes */
  KslurmProgress *part;  /* its own */
  KslurmProgress *whole; /* of all, or NULL */
  guint64 counted, kept; /* what both were told */
  gboolean waiting;      /* for another process */
  gboolean done;         /* guarded by the fetch */
} KslurmFetchBlob;

/* what all of one operation share, unchanged while it runs */
typedef struct {
  char *work;
  KslurmFetchOpen open;
  gpointer data;
  guint retry_ms;
  GCancellable *cancellable;
} KslurmFetchSource;

void kslurm_fetch_count(KslurmFetchBlob *blob, guint64 bytes, guint64 kept);

gboolean kslurm_fetch_is_there(KslurmFetchBlob *blob, gboolean *there, GError **error);
gboolean
kslurm_fetch_run(const KslurmFetchSource *source, KslurmFetchBlob *blob, GError **error);

/* a file in the work folder that holds the begin of a blob */
typedef struct {
  const KslurmFetchSource *source;
  KslurmFetchBlob *blob;
  char *name;
  int fd;
  guint64 length;
  struct sha256_ctx hash;
} KslurmFetchPartial;

KslurmFetchPartial *kslurm_fetch_partial_open(const KslurmFetchSource *source,
                                              KslurmFetchBlob *blob,
                                              GError **error);
gboolean kslurm_fetch_partial_append(KslurmFetchPartial *partial,
                                     const guint8 *data,
                                     gsize length,
                                     GError **error);
gboolean kslurm_fetch_partial_empty(KslurmFetchPartial *partial, GError **error);
gboolean kslurm_fetch_partial_publish(KslurmFetchPartial *partial, GError **error);
void kslurm_fetch_partial_free(KslurmFetchPartial *partial);

gboolean kslurm_fetch_hash_is(const struct sha256_ctx *hash, const char *hex);

gboolean kslurm_fetch_pull(KslurmFetchPartial *partial, GError **error);

void kslurm_fetch_tidy(const char *work, const char *blobs);
gboolean kslurm_fetch_check_space(const char *work, GPtrArray *blobs, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmFetchPartial, kslurm_fetch_partial_free)

G_END_DECLS
