/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/request/kslurm-setting.h"

G_BEGIN_DECLS

gboolean kslurm_script_is_script(GBytes *script);

void kslurm_script_add_settings(GBytes *script, GPtrArray *settings);

GBytes *
kslurm_script_without_beaten(GBytes *script, GPtrArray *settings, GPtrArray *dropped);

char *kslurm_script_dup_directives(GBytes *script);

char **kslurm_script_dup_interpreter(GBytes *script);

G_END_DECLS
