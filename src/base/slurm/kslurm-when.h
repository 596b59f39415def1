/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GDateTime *kslurm_when_parse_estimate(const char *text);

gboolean kslurm_when_is_now(GDateTime *start, GDateTime *now);
char *kslurm_when_to_words(GDateTime *start, GDateTime *now);

char *kslurm_when_queue_to_words(const char *rows, const char *job, GDateTime *now);

G_END_DECLS
