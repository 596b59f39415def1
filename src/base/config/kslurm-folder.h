/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"

G_BEGIN_DECLS

char *kslurm_folder_expand(const char *text, const char *const *environ, char **unset);

char *kslurm_folder_dup(KslurmConfig *config,
                        const char *key,
                        const char *const *environ,
                        GError **error);

G_END_DECLS
