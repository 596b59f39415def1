/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kslurm_answer_dup_job(const char *output);
gboolean kslurm_answer_is_refusal(const char *errors);
gboolean kslurm_answer_is_lost(const char *errors);
char *kslurm_answer_dup_look(const char *name);

G_END_DECLS
