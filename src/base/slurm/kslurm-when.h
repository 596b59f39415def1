/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GDateTime *kslurm_when_parse_estimate(const char *text);

char *kslurm_when_to_words(GDateTime *start, GDateTime *now);

G_END_DECLS
