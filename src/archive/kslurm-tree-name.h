/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

char *kslurm_tree_name_clean(const char *name, GError **error);

G_END_DECLS
