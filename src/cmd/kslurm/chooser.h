/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean kslurm_chooser_is_possible(void);

int kslurm_choose(const char *title,
                  const char *const *lines,
                  GCancellable *cancellable,
                  GError **error);

G_END_DECLS
