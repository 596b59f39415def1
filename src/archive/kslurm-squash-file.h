/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sqfs/io.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

sqfs_file_t *kslurm_squash_file_new(int fd);
int kslurm_squash_file_get_errno(const sqfs_file_t *file);

G_END_DECLS
