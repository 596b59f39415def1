/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "archive/kslurm-tree-folder.h"

G_BEGIN_DECLS

int kslurm_tree_file_create(KslurmTreeFolder *folder,
                            const char *path,
                            mode_t mode,
                            GError **error);
gboolean kslurm_tree_file_write(
    int fd, const char *path, const char *data, gsize size, goffset offset, GError **error);
gboolean kslurm_tree_file_close(
    int fd, const char *path, mode_t mode, struct timespec time, GError **error);

G_END_DECLS
