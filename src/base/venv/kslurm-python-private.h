/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/venv/kslurm-python.h"

G_BEGIN_DECLS

char *kslurm_python_ask(const char *path, char **version, GCancellable *cancellable);

char *
kslurm_python_find_module(const char *version, GPtrArray *seen, GCancellable *cancellable);

G_END_DECLS
