/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/types.h>

#include "base/sandbox/kslurm-sandbox-spec.h"

G_BEGIN_DECLS

char *kslurm_sandbox_daemon_find(const char *program);

gboolean kslurm_sandbox_daemon_start(const KslurmSandboxSpec *spec,
                                     const char *name,
                                     pid_t *pid,
                                     GError **error);
gboolean kslurm_sandbox_daemon_is_alive(pid_t pid);
pid_t kslurm_sandbox_daemon_get_pid(const KslurmSandboxSpec *spec, const char *name);
gboolean kslurm_sandbox_daemon_set_pid(const KslurmSandboxSpec *spec,
                                       const char *name,
                                       pid_t pid,
                                       GError **error);

gboolean kslurm_sandbox_daemon_check_installed(gboolean accounting, GError **error);

G_END_DECLS
