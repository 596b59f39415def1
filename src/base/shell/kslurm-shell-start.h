/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"
#include "base/shell/kslurm-dialect.h"

G_BEGIN_DECLS

char *kslurm_shell_start_make(KslurmDialect dialect, KslurmConfig *config, GError **error);

G_END_DECLS
