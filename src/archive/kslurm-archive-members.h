/* SPDX-License-Identifier: MIT */
#pragma once

#include "archive/kslurm-archive-source.h"

G_BEGIN_DECLS

/* @path is a clean name below the tree, "" for the tree itself; a failure ends the reading
 */
typedef gboolean (*KslurmArchiveMember)(const char *path,
                                        struct archive_entry *entry,
                                        gpointer data,
                                        GError **error);

gboolean kslurm_archive_members_read(KslurmArchiveSource *source,
                                     KslurmArchiveMember func,
                                     gpointer data,
                                     GCancellable *cancellable,
                                     GError **error);
char *kslurm_archive_members_gather(KslurmArchiveSource *source,
                                    KslurmArchiveBlock *block,
                                    gint64 size,
                                    GError **error);

G_END_DECLS
