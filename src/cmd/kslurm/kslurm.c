/* SPDX-License-Identifier: MIT */
#include "cmd/kslurm/kslurm.h"
#include "cmd/completers.h"

#include <glib/gi18n.h>

static const KslurmArg *const args[] = {kslurm_args_common, NULL};

static const KslurmVerb verbs[] = {
    {.name = "config",
     .summary = N_("show and change settings"),
     .args = kslurm_config_args,
     .verbs = kslurm_config_verbs,
     .waits = TRUE,
     .run = kslurm_run_config},
    {.name = "init",
     .summary = N_("print the shell text, or let your shells read it"),
     .args = kslurm_init_args,
     .run = kslurm_run_init},
    {.name = "neuroglia-helpers",
     .summary = N_("print the set-up of neuroglia-helpers"),
     .args = kslurm_neuroglia_args,
     .run = kslurm_run_neuroglia_helpers},
    {.name = "krun", .summary = N_("run a command now"), .run = kslurm_run_delegate},
    {.name = "kbatch",
     .summary = N_("submit a command or script"),
     .run = kslurm_run_delegate},
    {.name = "kpy",
     .summary = N_("make, save and load Python environments"),
     .run = kslurm_run_delegate},
    {.name = "sandbox",
     .summary = N_("a private Slurm on this machine, to try things on"),
     .args = args,
     .verbs = kslurm_verbs_sandbox},
    {0}};

static const KslurmVerb program = {
    .name = "kslurm",
    .summary = N_("Configuration, shell set-up and a private Slurm to try it all on."),
    .args = args,
    .verbs = verbs,
    .completers = kslurm_completers,
};

int
main(int argc, char **argv)
{
  return kslurm_main(&program, argc, argv);
}
