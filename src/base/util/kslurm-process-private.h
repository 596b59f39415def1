/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/util/kslurm-process.h"

G_BEGIN_DECLS

void kslurm_process_set_spawn_error(const char *program, int code, GError **error);

G_END_DECLS
