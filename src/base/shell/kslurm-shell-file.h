/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"
#include "base/util/kslurm-dialect.h"

G_BEGIN_DECLS

char *kslurm_shell_file_dup_path(KslurmDialect dialect);
char *kslurm_shell_line(KslurmDialect dialect);

gboolean
kslurm_shell_file_make(KslurmDialect dialect, KslurmConfig *config, GError **error);
gboolean kslurm_shell_file_refresh(KslurmConfig *config, GError **error);

G_END_DECLS
