/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/venv/kslurm-venv-facts.h"

G_BEGIN_DECLS

gboolean
kslurm_venv_check_python(const char *prefix, const KslurmVenvFacts *facts, GError **error);

G_END_DECLS
