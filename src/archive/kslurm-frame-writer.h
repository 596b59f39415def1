/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmFrameWriter KslurmFrameWriter;

KslurmFrameWriter *kslurm_frame_writer_new(int fd, const char *path, guint workers);
guint8 *
kslurm_frame_writer_get_space(KslurmFrameWriter *writer, gsize *space, GError **error);
gboolean kslurm_frame_writer_add(KslurmFrameWriter *writer,
                                 const void *data,
                                 gsize length,
                                 GError **error);
gboolean
kslurm_frame_writer_finish(KslurmFrameWriter *writer, GBytes *head, GError **error);
void kslurm_frame_writer_free(KslurmFrameWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmFrameWriter, kslurm_frame_writer_free)

G_END_DECLS
