/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

gboolean kslurm_tree_remove(const char *path, GError **error);

G_END_DECLS
