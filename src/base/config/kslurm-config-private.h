/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"

G_BEGIN_DECLS

char *kslurm_config_dup_path(void);

char *kslurm_config_take_over(KslurmConfig *config, const char *path);

G_END_DECLS
