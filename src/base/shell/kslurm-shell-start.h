/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"
#include "base/util/kslurm-dialect.h"

G_BEGIN_DECLS

char *kslurm_shell_start_make(KslurmDialect dialect, KslurmConfig *config, GError **error);

char **
kslurm_shell_start_dup_words(const char *shell, const char *folder, const char *zdotdir);

G_END_DECLS
