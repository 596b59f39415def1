/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *kslurm_python_find(const char *version, GCancellable *cancellable, GError **error);

gboolean kslurm_python_is_version(const char *found, const char *wanted);
GPtrArray *kslurm_python_list_names(const char *version);
char **kslurm_python_parse_modules(const char *text, const char *version);

G_END_DECLS
