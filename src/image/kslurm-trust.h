/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

char *kslurm_trust_dup_bundle(const char *const *environ);
GTlsDatabase *kslurm_trust_new_database(const char *const *environ, GError **error);

G_END_DECLS
