/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kslurm_answer_dup_job(const char *output);

gboolean kslurm_answer_may_be_lost(const char *errors);

G_END_DECLS
