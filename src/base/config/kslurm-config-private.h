/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"

G_BEGIN_DECLS

/* the largest file that is read, and so the largest that is written */
#define KSLURM_CONFIG_LIMIT ((gsize)1024 * 1024)

char *kslurm_config_dup_path(void);

KslurmConfig *kslurm_config_load_files(GError **error);

GBytes *kslurm_config_read(const char *path, GError **error);
GKeyFile *
kslurm_config_parse(const char *origin, const char *data, gsize length, GError **error);

void kslurm_config_set_notice(KslurmConfig *config, char *notice);

char *kslurm_config_take_over(KslurmConfig *config, const char *path);

G_END_DECLS
