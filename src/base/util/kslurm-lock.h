/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-progress.h"

G_BEGIN_DECLS

typedef struct _KslurmLock KslurmLock;

/**
 * KslurmLockWatch: (skip)
 * @note: what the owner shows
 * @data: of the waiter
 */
typedef void (*KslurmLockWatch)(const char *note, gpointer data);

KslurmLock *
kslurm_lock_acquire(const char *path, GCancellable *cancellable, GError **error);

KslurmLock *kslurm_lock_acquire_watched(const char *path,
                                        KslurmLockWatch watch,
                                        gpointer data,
                                        GCancellable *cancellable,
                                        GError **error);

void kslurm_lock_show(KslurmLock *lock, KslurmProgress *progress);
void kslurm_lock_release(KslurmLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmLock, kslurm_lock_release)

G_END_DECLS
