/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GHashTable *kslurm_pip_config_new(void);
void kslurm_pip_config_add(GHashTable *settings, const char *data, gsize length);
const char *
kslurm_pip_config_get(GHashTable *settings, const char *command, const char *key);

G_END_DECLS
