/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/request/kslurm-parse.h"
#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

KSLURM_PUBLIC KslurmParse kslurm_duration_parse(const char *text,
                                                guint64 *seconds,
                                                GError **error);

KSLURM_PUBLIC gboolean kslurm_duration_parse_slurm(const char *text, guint64 *seconds);

KSLURM_PUBLIC char *kslurm_duration_to_slurm(guint64 seconds);

KSLURM_PUBLIC char *kslurm_duration_to_words(guint64 seconds);

G_END_DECLS
