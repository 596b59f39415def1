/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/request/kslurm-duration.h"

G_BEGIN_DECLS

/**
 * KslurmGpus:
 * @kind: (nullable): such as "a100"
 * @count: how many on each node, 0 for none
 *
 * The GPUs that a request asks for.
 */
typedef struct {
  char *kind;
  guint count;
} KslurmGpus;

KSLURM_PUBLIC KslurmParse kslurm_gpus_parse(const char *text,
                                            KslurmGpus *gpus,
                                            GError **error);

KSLURM_PUBLIC char *kslurm_gpus_to_option(const KslurmGpus *gpus, const char *style);

KSLURM_PUBLIC void kslurm_gpus_clear(KslurmGpus *gpus);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KslurmGpus, kslurm_gpus_clear)

G_END_DECLS
