/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"
#include "base/util/kslurm-quote.h"

G_BEGIN_DECLS

/* of a verb that changes the caller's shell; the shell's wrapper gives it */
extern const KslurmArg kslurm_args_shell[];

gboolean kslurm_output_is_code(KslurmCall *call, KslurmDialect *dialect);

void kslurm_output_print(KslurmCall *call, const char *text);
void kslurm_output_print_code(KslurmCall *call, const char *const *words);

G_END_DECLS
