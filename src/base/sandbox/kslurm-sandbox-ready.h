/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

#include "base/sandbox/kslurm-sandbox-spec.h"

G_BEGIN_DECLS

gboolean kslurm_sandbox_ready_wait(const KslurmSandboxSpec *spec,
                                   pid_t supervisor,
                                   GCancellable *cancellable,
                                   GError **error);

G_END_DECLS
