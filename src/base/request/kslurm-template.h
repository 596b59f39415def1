/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"

G_BEGIN_DECLS

char **kslurm_template_list_names(KslurmConfig *config);

char *kslurm_template_dup_words(KslurmConfig *config, const char *name, gboolean built_in);

G_END_DECLS
