/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char **kslurm_venv_find_places(const char *prefix, GError **error);

char *kslurm_venv_places_dup_activate(const char *text);

char *kslurm_venv_places_dup_command(const char *text);

char *kslurm_venv_places_dup_script(const char *text);

G_END_DECLS
