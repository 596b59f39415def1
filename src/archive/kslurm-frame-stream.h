/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmFrameStream KslurmFrameStream;

KslurmFrameStream *kslurm_frame_stream_new(int fd, GError **error);
void kslurm_frame_stream_free(KslurmFrameStream *stream);

gboolean kslurm_frame_stream_fill(
    KslurmFrameStream *stream, char *data, gsize room, gsize *size, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmFrameStream, kslurm_frame_stream_free)

G_END_DECLS
