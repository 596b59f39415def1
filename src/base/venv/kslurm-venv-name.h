/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

gboolean kslurm_venv_name_check(const char *name, GError **error);

char *kslurm_venv_name_dup_free(const char *const *taken);

G_END_DECLS
