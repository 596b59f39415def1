/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/types.h>

#include "base/sandbox/kslurm-sandbox-spec.h"

G_BEGIN_DECLS

void kslurm_sandbox_sweep_children(int timeout_ms);
gboolean kslurm_sandbox_sweep_is_ours(const KslurmSandboxSpec *spec, pid_t pid);
gboolean kslurm_sandbox_sweep_marked(const KslurmSandboxSpec *spec, int timeout_ms);
gboolean kslurm_sandbox_sweep_files(const char *dir, GError **error);

G_END_DECLS
