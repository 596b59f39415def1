/* SPDX-License-Identifier: MIT */
#pragma once

#include <archive_entry.h>
#include <gio/gio.h>

#include "archive/kslurm-frame-reader.h"

G_BEGIN_DECLS

typedef struct _KslurmArchiveSource KslurmArchiveSource;
typedef void (*KslurmArchiveLeave)(gpointer data);

/* a part of a member; what lies in the frame stays until that is released */
typedef struct {
  const char *data;
  gsize size; /* 0: the member has ended */
  goffset offset;
  gboolean in_frame;
} KslurmArchiveBlock;

KslurmArchiveSource *
kslurm_archive_source_new(int fd, guint threads, GCancellable *cancellable, GError **error);
void kslurm_archive_source_free(KslurmArchiveSource *source);

void kslurm_archive_source_set_leave(KslurmArchiveSource *source,
                                     KslurmArchiveLeave leave,
                                     gpointer data);
gboolean kslurm_archive_source_next(KslurmArchiveSource *source,
                                    struct archive_entry **entry,
                                    GError **error);
gboolean kslurm_archive_source_read(KslurmArchiveSource *source,
                                    KslurmArchiveBlock *block,
                                    GError **error);

KslurmFrameBytes *kslurm_archive_source_get_frame(KslurmArchiveSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmArchiveSource, kslurm_archive_source_free)

G_END_DECLS
