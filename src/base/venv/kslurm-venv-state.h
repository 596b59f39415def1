/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

#define KSLURM_VENV_STATE_FILE ".kslurm-state"

char *kslurm_venv_state_dup_text(const char *name, char **packages);

gboolean kslurm_venv_state_write(const char *prefix,
                                 const char *name,
                                 char **packages,
                                 GError **error);

char *kslurm_venv_state_dup_name(const char *prefix);

char **kslurm_venv_state_dup_packages(const char *prefix);

gboolean kslurm_venv_state_is_changed(const char *prefix);

G_END_DECLS
