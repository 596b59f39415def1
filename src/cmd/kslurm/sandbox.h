/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"
#include "base/sandbox/kslurm-sandbox-spec.h"

gboolean
kslurm_sandbox_read_shape(KslurmCall *call, KslurmSandboxSpec *spec, GError **error);
char **kslurm_sandbox_dup_user_environment(const KslurmSandboxSpec *spec);

int kslurm_run_sandbox_shell(KslurmCall *call, GCancellable *cancellable, GError **error);
int kslurm_run_sandbox_run(KslurmCall *call, GCancellable *cancellable, GError **error);
