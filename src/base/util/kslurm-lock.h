/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmLock KslurmLock;

KslurmLock *
kslurm_lock_acquire(const char *path, GCancellable *cancellable, GError **error);

void kslurm_lock_release(KslurmLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmLock, kslurm_lock_release)

G_END_DECLS
