/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KSLURM_QUERY_MS 10000

char **kslurm_query_clear_environ(char **environ);

char *kslurm_query_run(const char *const *argv,
                       int timeout_ms,
                       GCancellable *cancellable,
                       GError **error);

const char *kslurm_query_advise(const char *message);

G_END_DECLS
