/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/sandbox/kslurm-sandbox-spec.h"

G_BEGIN_DECLS

GPtrArray *
kslurm_sandbox_up(const KslurmSandboxSpec *spec, GCancellable *cancellable, GError **error);
gboolean kslurm_sandbox_down(const char *dir, GError **error);
gboolean kslurm_sandbox_is_up(const KslurmSandboxSpec *spec);

G_END_DECLS
