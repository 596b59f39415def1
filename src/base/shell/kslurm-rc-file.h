/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/util/kslurm-dialect.h"

G_BEGIN_DECLS

char *kslurm_rc_file_dup_path(KslurmDialect dialect, const char *const *environ);

gboolean kslurm_rc_file_edit(
    const char *path, const char *line, gboolean dry, char **changes, GError **error);

G_END_DECLS
