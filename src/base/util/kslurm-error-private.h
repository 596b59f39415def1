/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/util/kslurm-error.h"

G_BEGIN_DECLS

gboolean kslurm_set_errno(GError **error, int saved_errno, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

gboolean kslurm_set_usage(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_END_DECLS
