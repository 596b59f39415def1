/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *kslurm_venv_files_list(int root, GError **error);

int kslurm_venv_files_open_parent(int root, const char *name, GError **error);

const char *kslurm_venv_files_get_last(const char *name);

G_END_DECLS
