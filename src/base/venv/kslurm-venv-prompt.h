/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

char *kslurm_venv_prompt_dup(const char *prefix);

gboolean kslurm_venv_prompt_write(const char *prefix, const char *name, GError **error);

G_END_DECLS
