/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"

G_BEGIN_DECLS

int kslurm_main_loop_run(KslurmCall *call,
                         GCancellable *cancellable,
                         int *signal,
                         GError **error);

G_END_DECLS
