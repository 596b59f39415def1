/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"
#include "base/config/kslurm-config.h"

KslurmConfig *kslurm_load_config(KslurmCall *call, GError **error);
