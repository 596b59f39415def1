/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/config/kslurm-config.h"

G_BEGIN_DECLS

char *
kslurm_scratch_dup_path(KslurmConfig *config, const char *const *environ, GError **error);

char *kslurm_scratch_make(KslurmConfig *config, const char *const *environ, GError **error);

void kslurm_scratch_mark(const char *path, const char *const *environ);

char **kslurm_scratch_list_stale(const char *const *environ,
                                 GCancellable *cancellable,
                                 GError **error);
char **kslurm_scratch_find_stale(const char *base,
                                 const char *const *jobs,
                                 const char *const *environ);
gboolean kslurm_scratch_remove_stale(const char *const *paths, GError **error);

G_END_DECLS
