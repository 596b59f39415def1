/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmFrameReader KslurmFrameReader;

/* decoded bytes; they stay as they are until it is released */
typedef struct {
  char *data;
  gsize size;
} KslurmFrameBytes;

KslurmFrameReader *kslurm_frame_reader_new(int fd, GArray *frames, guint threads);
KslurmFrameReader *kslurm_frame_reader_new_stream(int fd, GError **error);
void kslurm_frame_reader_free(KslurmFrameReader *reader);

KslurmFrameBytes *kslurm_frame_reader_next(KslurmFrameReader *reader, GError **error);
KslurmFrameBytes *kslurm_frame_bytes_hold(KslurmFrameBytes *bytes);
void kslurm_frame_bytes_release(KslurmFrameBytes *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmFrameReader, kslurm_frame_reader_free)

G_END_DECLS
