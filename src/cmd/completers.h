/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-arg.h"

G_BEGIN_DECLS

extern const KslurmCompleter kslurm_completers[];

G_END_DECLS
