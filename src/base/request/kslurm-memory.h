/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/request/kslurm-parse.h"
#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

KSLURM_PUBLIC KslurmParse kslurm_memory_parse(const char *text,
                                              guint64 *megabytes,
                                              gboolean *per_cpu,
                                              GError **error);

KSLURM_PUBLIC gboolean kslurm_memory_parse_slurm(const char *text, guint64 *megabytes);

KSLURM_PUBLIC char *kslurm_memory_to_words(guint64 megabytes);

G_END_DECLS
