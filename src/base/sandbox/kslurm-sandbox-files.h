/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/sandbox/kslurm-sandbox-spec.h"

G_BEGIN_DECLS

char *kslurm_sandbox_files_slurm_conf(const KslurmSandboxSpec *spec,
                                      const guint *ports,
                                      const char *user,
                                      const char *host,
                                      const char *address);

gboolean kslurm_sandbox_files_write(const KslurmSandboxSpec *spec,
                                    const guint *ports,
                                    GError **error);

char *kslurm_sandbox_files_dup_user(void);

G_END_DECLS
