/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmDialect:
 * @KSLURM_DIALECT_BASH: bash, and any POSIX shell
 * @KSLURM_DIALECT_ZSH: zsh
 * @KSLURM_DIALECT_FISH: fish
 *
 * The shell that will read a quoted text.
 */
typedef enum { KSLURM_DIALECT_BASH, KSLURM_DIALECT_ZSH, KSLURM_DIALECT_FISH } KslurmDialect;

KSLURM_PUBLIC char *kslurm_shell_quote(KslurmDialect dialect, const char *text);

KSLURM_PUBLIC char *kslurm_shell_join(KslurmDialect dialect, const char *const *words);

G_END_DECLS
