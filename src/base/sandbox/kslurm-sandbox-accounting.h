/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/sandbox/kslurm-sandbox-spec.h"

G_BEGIN_DECLS

gboolean kslurm_sandbox_accounting_prepare(const KslurmSandboxSpec *spec,
                                           guint port,
                                           GError **error);
gboolean kslurm_sandbox_accounting_load(const KslurmSandboxSpec *spec, GError **error);
gboolean kslurm_sandbox_accounting_use(const KslurmSandboxSpec *spec,
                                       GCancellable *cancellable,
                                       GError **error);

G_END_DECLS
