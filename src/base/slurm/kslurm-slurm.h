/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"
#include "base/util/kslurm-process.h"

G_BEGIN_DECLS

#define KSLURM_QUERY_MS 10000

char *
kslurm_slurm_query(const char *const *argv, GCancellable *cancellable, GError **error);

gboolean kslurm_slurm_job_is_gone(const char *job, GCancellable *cancellable);

char *kslurm_slurm_dup_advice(const char *message,
                              const char *partition,
                              GCancellable *cancellable);

G_END_DECLS
