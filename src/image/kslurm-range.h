/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

gboolean kslurm_range_parse(const char *header, guint64 *start);

G_END_DECLS
