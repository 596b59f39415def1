/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmFrameGzip KslurmFrameGzip;

KslurmFrameGzip *kslurm_frame_gzip_new(int fd);
void kslurm_frame_gzip_free(KslurmFrameGzip *gzip);

gboolean kslurm_frame_gzip_is_gzip(int fd);
gboolean kslurm_frame_gzip_fill(
    KslurmFrameGzip *gzip, char *data, gsize room, gsize *size, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmFrameGzip, kslurm_frame_gzip_free)

G_END_DECLS
