/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/sandbox/kslurm-sandbox-spec.h"

G_BEGIN_DECLS

char **kslurm_sandbox_environment_dup_user(const KslurmSandboxSpec *spec);
char **kslurm_sandbox_environment_dup_daemon(const KslurmSandboxSpec *spec);

G_END_DECLS
