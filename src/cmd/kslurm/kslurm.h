/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-main.h"

/* who provides what: each verb's file runs it, kslurm.c lists it */
int kslurm_run_delegate(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmVerb kslurm_verbs_sandbox[];
