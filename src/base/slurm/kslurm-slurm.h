/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean kslurm_slurm_job_is_gone(const char *job, GCancellable *cancellable);

char *kslurm_slurm_dup_advice(const char *message,
                              const char *partition,
                              GCancellable *cancellable);

G_END_DECLS
