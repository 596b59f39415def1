/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char **kslurm_jobs_parse(const char *text);

char **kslurm_jobs_list_own(void);

G_END_DECLS
