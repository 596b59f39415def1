/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

char **kslurm_venv_packages_list(const char *prefix, GError **error);

G_END_DECLS
