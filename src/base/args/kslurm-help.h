/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"

G_BEGIN_DECLS

char *kslurm_help_to_text(const char *command, const KslurmVerb *verb);
char *kslurm_help_to_rst(const char *command, const KslurmVerb *verb);

G_END_DECLS
