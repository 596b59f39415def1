/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-main.h"

/* who provides what: each verb's file runs it, kslurm.c lists it */
int kslurm_run_delegate(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmVerb kslurm_verbs_sandbox[];
extern const KslurmArg *const kslurm_config_args[];
extern const KslurmVerb kslurm_config_verbs[];
int kslurm_run_config(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kslurm_init_args[];
int kslurm_run_init(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kslurm_neuroglia_args[];
int
kslurm_run_neuroglia_helpers(KslurmCall *call, GCancellable *cancellable, GError **error);
