/* SPDX-License-Identifier: MIT */
#pragma once

#include "cmd/kpy/session.h"

G_BEGIN_DECLS

int kpy_mount_shell(KpySession *session,
                    const char *name,
                    const char *as,
                    GCancellable *cancellable,
                    GError **error);

int kpy_mount_command(KpySession *session,
                      const char *name,
                      const char *const *argv,
                      GCancellable *cancellable,
                      GError **error);

G_END_DECLS
