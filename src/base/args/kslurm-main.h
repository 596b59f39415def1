/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"

G_BEGIN_DECLS

int kslurm_main(const KslurmVerb *program, int argc, char **argv);

extern const KslurmArg kslurm_args_common[];

G_END_DECLS
