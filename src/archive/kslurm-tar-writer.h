/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "archive/kslurm-frame-writer.h"
#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmTarWriter KslurmTarWriter;

KslurmTarWriter *kslurm_tar_writer_new(KslurmFrameWriter *frames, GError **error);
gboolean kslurm_tar_writer_begin(KslurmTarWriter *tar,
                                 const char *path,
                                 const struct stat *st,
                                 const char *target,
                                 GError **error);
gboolean
kslurm_tar_writer_add(KslurmTarWriter *tar, const void *data, gsize length, GError **error);
gboolean kslurm_tar_writer_finish(KslurmTarWriter *tar, GError **error);
void kslurm_tar_writer_free(KslurmTarWriter *tar);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmTarWriter, kslurm_tar_writer_free)

G_END_DECLS
