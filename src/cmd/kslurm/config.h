/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"
#include "base/config/kslurm-config.h"
#include "cmd/load-config.h"

G_BEGIN_DECLS

int kslurm_print_config(KslurmCall *call, KslurmConfig *config, char **keys);
int kslurm_run_config_list(KslurmCall *call, GCancellable *cancellable, GError **error);

int kslurm_set_config(KslurmCall *call, const char *value, GError **error);

int kslurm_choose_account(KslurmCall *call, GCancellable *cancellable, GError **error);

G_END_DECLS
