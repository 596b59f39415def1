/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/venv/kslurm-self-locate.h"

G_BEGIN_DECLS

const char *kslurm_self_locate_find(const char *place,
                                    const char *text,
                                    const char *from,
                                    const char *end);

char *kslurm_self_locate_dup_up(const char *name);

/* each writes the whole text to @out; FALSE: a place is left in it */
gboolean kslurm_self_locate_script(
    const char *place, const char *name, const char *text, gsize length, GString *out);
gboolean kslurm_self_locate_lines(
    const char *place, const char *name, const char *text, gsize length, GString *out);
gboolean kslurm_self_locate_words(
    const char *place, const char *word, const char *text, gsize length, GString *out);
gboolean kslurm_self_locate_literals(
    const char *place, const char *name, const char *text, gsize length, GString *out);
gboolean kslurm_self_locate_kernel(
    const char *place, const char *name, const char *text, gsize length, GString *out);

G_END_DECLS
