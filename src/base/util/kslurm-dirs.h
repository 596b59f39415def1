/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

char *kslurm_dirs_dup_config(void);
char *kslurm_dirs_dup_state(void);
char *kslurm_dirs_dup_cache(void);
char *kslurm_dirs_dup_runtime(void);

gboolean kslurm_dirs_make_private(const char *path, GError **error);

G_END_DECLS
