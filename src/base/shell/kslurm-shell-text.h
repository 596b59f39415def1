/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"
#include "base/util/kslurm-dialect.h"

G_BEGIN_DECLS

char *
kslurm_shell_text(KslurmDialect dialect, KslurmConfig *config, const char *const *environ);

GBytes *kslurm_shell_text_get_constant(const char *name);

char *kslurm_wheelhouse_dup_path(KslurmConfig *config, const char *const *environ);

gboolean kslurm_shell_text_uses(const char *key);
gboolean kslurm_shell_text_is_same(const char *text, const char *other);

G_END_DECLS
