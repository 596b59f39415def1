/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/venv/kslurm-relocation.h"

G_BEGIN_DECLS

gboolean kslurm_venv_relocate(const char *prefix,
                              KslurmRelocation *relocation,
                              const char *const *hits,
                              char ***unknown,
                              GCancellable *cancellable,
                              GError **error);

G_END_DECLS
