/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kslurm_partial_dup_owner(void);
gboolean kslurm_partial_is_left(
    int folder, const char *name, gsize lead, const char *owner, gint64 now);

G_END_DECLS
