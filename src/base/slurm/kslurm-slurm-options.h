/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-arg.h"

G_BEGIN_DECLS

#define KSLURM_MOST_CPUS 65533 /* per task: 16 bits, two values aside */

extern const KslurmForeign kslurm_srun_options[];
extern const KslurmForeign kslurm_sbatch_options[];

const KslurmForeign *kslurm_slurm_find_option(const KslurmForeign *table, const char *name);
const KslurmForeign *kslurm_slurm_find_letter(const KslurmForeign *table, char letter);

/* an input variable: SBATCH_TIMELIMIT stands for '--time' */
typedef struct {
  const char *suffix;
  const char *option;
} KslurmSlurmVariable;

extern const KslurmSlurmVariable kslurm_slurm_variables[];

G_END_DECLS
