/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"

G_BEGIN_DECLS

char *kslurm_node_dup_host(void);

gboolean
kslurm_node_is_compute(KslurmConfig *config, const char *const *environ, const char *host);
gboolean
kslurm_node_has_network(KslurmConfig *config, const char *const *environ, const char *host);

G_END_DECLS
