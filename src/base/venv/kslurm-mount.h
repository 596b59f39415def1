/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

gboolean kslurm_mount_check(const char *name, GError **error);

gboolean kslurm_mount_enter(const char *image, const char *folder, GError **error);

gboolean kslurm_mount_exec(const char *folder,
                           const char *const *argv,
                           const char *const *envp,
                           GError **error);

G_END_DECLS
