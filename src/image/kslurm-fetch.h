/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/image/kslurm-image-store.h"
#include "base/util/kslurm-progress.h"

G_BEGIN_DECLS

/**
 * KslurmFetch: (skip)
 *
 * Downloads of blobs that run, in threads of their own.
 */
typedef struct _KslurmFetch KslurmFetch;

/**
 * KslurmFetchOpen: (skip)
 * @digest: of a blob
 * @offset: the first byte that is wanted
 * @start: (out): the first byte that the stream gives, where it gives others
 * @cancellable: cancels
 * @data: of the setup
 * @error: return location; one of the domain %KSLURM_ERROR is final, after any other it is
 *   called again
 *
 * Called by several threads at once.
 *
 * Returns: (transfer full) (nullable): the blob from @start on
 */
typedef GInputStream *(*KslurmFetchOpen)(const char *digest,
                                         guint64 offset,
                                         guint64 *start,
                                         GCancellable *cancellable,
                                         gpointer data,
                                         GError **error);

/**
 * KslurmFetchSetup: (skip)
 * @store: where the blobs go
 * @open: gives their bytes
 * @data: for @open
 * @label: what is done, translated: "pulling 'x'"
 * @progress: (nullable): of all the blobs; each becomes a part of it
 * @workers: how many are fetched at once; 0: 4
 * @retry_ms: the pause before a second try, which doubles; 0: half a second
 */
typedef struct {
  const KslurmImageStore *store;
  KslurmFetchOpen open;
  gpointer data;
  const char *label;
  KslurmProgress *progress;
  guint workers;
  guint retry_ms;
} KslurmFetchSetup;

KslurmFetch *kslurm_fetch_new(const KslurmFetchSetup *setup,
                              GPtrArray *blobs,
                              GCancellable *cancellable,
                              GError **error);

gboolean kslurm_fetch_wait(KslurmFetch *fetch, const char *digest, GError **error);
gboolean kslurm_fetch_wait_all(KslurmFetch *fetch, GError **error);

void kslurm_fetch_free(KslurmFetch *fetch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmFetch, kslurm_fetch_free)

G_END_DECLS
