/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-descriptor.h"
#include "image/kslurm-fetch.h"

G_BEGIN_DECLS

#define BLOBS_SIZE 300000
#define BLOBS_CUT 100000

/* how a line misbehaves; what is not said is well done */
typedef enum {
  BLOBS_WELL,
  BLOBS_ENDS,   /* after BLOBS_CUT bytes, as if that were all */
  BLOBS_BREAKS, /* after BLOBS_CUT bytes */
  BLOBS_WHOLE,  /* from the begin, and says so */
  BLOBS_LATE,   /* begins behind what was asked for, and says so */
  BLOBS_LIES,   /* from the begin, and says what was asked for */
  BLOBS_LONG,   /* more than all */
  BLOBS_OTHER,  /* other bytes */
  BLOBS_DOWN,
  BLOBS_REFUSES,
  BLOBS_CANCELS
} BlobsFault;

typedef struct {
  GPtrArray *list; /* KslurmDescriptor */
  GHashTable *bytes;
  GMutex mutex;
  const BlobsFault *faults; /* the first call has the first; BLOBS_WELL ends them */
  guint calls;
  GString *offsets; /* of each call */
  GString *order;   /* the first letters of the digests */
  GCancellable *cancellable;
  KslurmImageStore *store;
  KslurmProgress *progress;
} Blobs;

Blobs *blobs_new(guint n);
void blobs_free(Blobs *blobs);
const KslurmDescriptor *blobs_get(const Blobs *blobs, guint n);

KslurmFetch *blobs_fetch(Blobs *blobs, GError **error);
gboolean blobs_fetch_all(Blobs *blobs, GError **error);

void blobs_leave(const Blobs *blobs, const char *suffix, gsize length, gsize wrong);
void blobs_assert_whole(const Blobs *blobs);
char *blobs_list_work(const Blobs *blobs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Blobs, blobs_free)

G_END_DECLS
