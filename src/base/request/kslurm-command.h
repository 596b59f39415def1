/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char **kslurm_command_dup_vector(const char *const *words,
                                 const char *const *before,
                                 const char *init);

char *kslurm_command_to_line(const char *const *words,
                             const char *const *before,
                             const char *init);

char *kslurm_command_dup_name(const char *const *words);

const char *kslurm_command_find_shell_word(const char *const *words);

G_END_DECLS
