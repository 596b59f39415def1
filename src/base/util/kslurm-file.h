/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

gboolean kslurm_file_replace(
    const char *path, const char *data, gssize length, int mode, GError **error);

gboolean kslurm_file_replace_itself(
    const char *target, const char *data, gssize length, int mode, GError **error);

GBytes *kslurm_file_read(const char *path, gsize limit, GError **error);

gboolean kslurm_fd_write_all(int fd, const char *data, gsize length);
gboolean kslurm_fd_write_all_at(int fd, const void *data, gsize length, goffset offset);

G_END_DECLS
