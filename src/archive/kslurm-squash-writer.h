/* SPDX-License-Identifier: MIT */
#pragma once

#include "archive/kslurm-squash-tree.h"

G_BEGIN_DECLS

typedef struct _KslurmSquashWriter KslurmSquashWriter;

KslurmSquashWriter *
kslurm_squash_writer_new(int fd, guint workers, gint64 time, GError **error);
void kslurm_squash_writer_free(KslurmSquashWriter *writer);

gboolean kslurm_squash_writer_begin(KslurmSquashWriter *writer,
                                    KslurmSquashNode *file,
                                    GError **error);
gboolean kslurm_squash_writer_append(KslurmSquashWriter *writer,
                                     const void *data,
                                     gsize size,
                                     GError **error);
gboolean kslurm_squash_writer_end(KslurmSquashWriter *writer, GError **error);

gboolean kslurm_squash_writer_finish(KslurmSquashWriter *writer,
                                     KslurmSquashTree *tree,
                                     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmSquashWriter, kslurm_squash_writer_free)

G_END_DECLS
