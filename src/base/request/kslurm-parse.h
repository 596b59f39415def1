/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

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

G_END_DECLS
