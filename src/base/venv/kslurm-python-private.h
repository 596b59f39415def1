/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/venv/kslurm-python.h"

G_BEGIN_DECLS

char *kslurm_python_ask(const char *path, char **version, GCancellable *cancellable);

char *
kslurm_python_find_module(const char *version, GPtrArray *seen, GCancellable *cancellable);

int kslurm_python_compare_names(gconstpointer a, gconstpointer b);

G_END_DECLS
