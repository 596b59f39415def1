/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

#define KSLURM_COMPLAINT_LIMIT (64 * 1024)

char *kslurm_complaint_dup(const char *data, gssize length);

G_END_DECLS
