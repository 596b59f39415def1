/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/sandbox/kslurm-sandbox-spec.h"

G_BEGIN_DECLS

/* there when slurmd is to read another file than the programs of users */
#define KSLURM_SANDBOX_NODE_CONF "node.conf"

char *kslurm_sandbox_files_slurm_conf(const KslurmSandboxSpec *spec,
                                      const guint *ports,
                                      const char *user,
                                      const char *host,
                                      const char *address,
                                      gboolean renamed);

const char *kslurm_sandbox_files_cgroup_conf(const char *version);

gboolean kslurm_sandbox_files_write(const KslurmSandboxSpec *spec,
                                    const guint *ports,
                                    gboolean renamed,
                                    GError **error);

char *kslurm_sandbox_files_dup_user(void);

G_END_DECLS
