/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/venv/kslurm-mount.h"

G_BEGIN_DECLS

int kslurm_mount_unshare(void);
gboolean kslurm_mount_keep_capabilities(void);
gboolean kslurm_mount_drop_capabilities(GError **error);

int kslurm_mount_start_keeper(const char *program,
                              const char *image,
                              const char *folder,
                              GError **error);

G_END_DECLS
