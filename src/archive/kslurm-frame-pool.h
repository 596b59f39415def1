/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmFramePool KslurmFramePool;

KslurmFramePool *kslurm_frame_pool_new(int fd, const char *path, guint workers);
guint8 *kslurm_frame_pool_take(KslurmFramePool *pool, GError **error);
void kslurm_frame_pool_push(KslurmFramePool *pool, guint8 *block, gsize used);
GArray *kslurm_frame_pool_wait(KslurmFramePool *pool, GError **error);
void kslurm_frame_pool_free(KslurmFramePool *pool);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmFramePool, kslurm_frame_pool_free)

G_END_DECLS
