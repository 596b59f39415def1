/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int kslurm_sandbox_supervise(const char *dir, GError **error);

G_END_DECLS
