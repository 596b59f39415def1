/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-complete.h"

const KslurmCompleter kslurm_completers[] = {{0}};
