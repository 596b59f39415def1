/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"

G_BEGIN_DECLS

int kslurm_complete(const KslurmVerb *program, const char *const *argv);

G_END_DECLS
