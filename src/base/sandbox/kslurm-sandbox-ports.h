/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GArray *kslurm_sandbox_ports_reserve(guint n, GError **error);

G_END_DECLS
