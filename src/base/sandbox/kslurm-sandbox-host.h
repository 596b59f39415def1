/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KSLURM_SANDBOX_ADDRESS "127.0.0.1"

gboolean kslurm_sandbox_host_settle(gboolean *renamed, GError **error);

char *kslurm_sandbox_host_dup_name(void);

G_END_DECLS
