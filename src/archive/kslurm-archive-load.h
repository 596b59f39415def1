/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-progress.h"

G_BEGIN_DECLS

gboolean kslurm_archive_load(const char *path,
                             const char *prefix,
                             guint workers,
                             KslurmProgress *progress,
                             GCancellable *cancellable,
                             GError **error);

G_END_DECLS
