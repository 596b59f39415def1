/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

char **kslurm_venv_activation_set(char **environ, const char *prefix, const char *name);

G_END_DECLS
