/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmParse:
 * @KSLURM_PARSE_NO: the text is not of this kind
 * @KSLURM_PARSE_YES: it is, and was read
 * @KSLURM_PARSE_ERROR: it is of this kind and wrong; the error is set
 *
 * What a word turned out to be.
 */
typedef enum { KSLURM_PARSE_NO, KSLURM_PARSE_YES, KSLURM_PARSE_ERROR } KslurmParse;

KSLURM_PUBLIC KslurmParse kslurm_duration_parse(const char *text,
                                                guint64 *seconds,
                                                GError **error);

KSLURM_PUBLIC gboolean kslurm_duration_parse_slurm(const char *text, guint64 *seconds);

KSLURM_PUBLIC char *kslurm_duration_to_slurm(guint64 seconds);

KSLURM_PUBLIC char *kslurm_duration_to_words(guint64 seconds);

G_END_DECLS
