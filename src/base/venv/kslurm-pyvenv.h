/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

char *kslurm_pyvenv_read(const char *prefix, GError **error);

char *kslurm_pyvenv_dup_value(const char *text, const char *key);

char *kslurm_pyvenv_set_value(const char *text, const char *key, const char *value);

G_END_DECLS
