/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *kslurm_directive_split(const char *text, gsize length);

guint kslurm_directive_take(GPtrArray *words, guint i, GPtrArray *settings);

void kslurm_directive_append(GString *text, const char *word);

G_END_DECLS
