/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KSLURM_RC_BEGIN "# >>> kslurm >>>"
#define KSLURM_RC_END "# <<< kslurm <<<"

char *kslurm_rc_insert(const char *text, const char *line, GError **error);
char *kslurm_rc_remove(const char *text, GError **error);

char *kslurm_rc_compare(const char *before, const char *after);

G_END_DECLS
