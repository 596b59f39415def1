/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-complete.h"
#include "base/slurm/kslurm-accounts.h"

const KslurmCompleter kslurm_completers[] = {{"accounts", kslurm_accounts_list_cached},
                                             {0}};
