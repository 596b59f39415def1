/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/util/kslurm-quote.h"

G_BEGIN_DECLS

#define KSLURM_N_DIALECTS 3

const char *kslurm_dialect_get_name(KslurmDialect dialect);

gboolean kslurm_dialect_parse(const char *name, KslurmDialect *dialect, GError **error);

KslurmDialect kslurm_dialect_guess(const char *program);

G_END_DECLS
