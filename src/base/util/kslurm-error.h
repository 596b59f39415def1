/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

#define KSLURM_ERROR (kslurm_error_quark())

/**
 * KslurmError:
 * @KSLURM_ERROR_FAILED: something failed that a caller cannot act on
 * @KSLURM_ERROR_USAGE: the user's words are wrong; exit status 2
 * @KSLURM_ERROR_NOT_CONFIGURED: a setting is missing
 * @KSLURM_ERROR_NOT_FOUND: a named thing is not there
 * @KSLURM_ERROR_EXISTS: a named thing is already there
 * @KSLURM_ERROR_WRONG_NODE: this cannot be done on this machine
 * @KSLURM_ERROR_DENIED: a server or the system refused
 * @KSLURM_ERROR_CORRUPT: data is damaged
 * @KSLURM_ERROR_UNSUPPORTED: data or a system is of a kind not handled
 * @KSLURM_ERROR_PROGRAM: a child program failed
 *
 * What a caller can act on, not where it happened.
 */
typedef enum {
  KSLURM_ERROR_FAILED,
  KSLURM_ERROR_USAGE,
  KSLURM_ERROR_NOT_CONFIGURED,
  KSLURM_ERROR_NOT_FOUND,
  KSLURM_ERROR_EXISTS,
  KSLURM_ERROR_WRONG_NODE,
  KSLURM_ERROR_DENIED,
  KSLURM_ERROR_CORRUPT,
  KSLURM_ERROR_UNSUPPORTED,
  KSLURM_ERROR_PROGRAM
} KslurmError;

KSLURM_PUBLIC GQuark kslurm_error_quark(void);

KSLURM_PUBLIC int kslurm_error_get_exit_status(const GError *error);

G_END_DECLS
