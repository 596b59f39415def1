/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

char *kslurm_text_clean(const char *text);

gboolean kslurm_text_is_line(const char *text);

const char *kslurm_text_closest(const char *word, const char *const *candidates);

char *kslurm_text_table(GPtrArray *rows, const char *align);

G_END_DECLS
