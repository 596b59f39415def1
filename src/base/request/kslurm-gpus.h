/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/request/kslurm-parse.h"
#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

KSLURM_PUBLIC KslurmParse kslurm_gpus_parse(const char *text,
                                            char **kind,
                                            guint *count,
                                            GError **error);

KSLURM_PUBLIC char *kslurm_gpus_to_option(const char *kind, guint count, const char *style);

G_END_DECLS
