/* SPDX-License-Identifier: MIT */
#pragma once

#include "cmd/kpy/session.h"

G_BEGIN_DECLS

/**
 * KpyUnpack: (skip)
 * @name: a saved environment
 * @as: what it is called here
 * @prefix: an existing empty folder
 * @place: the path that it will have, mostly @prefix
 *
 * What is to be unpacked, and where.
 */
typedef struct {
  const char *name;
  const char *as;
  const char *prefix;
  const char *place;
} KpyUnpack;

gboolean kpy_unpack(KpySession *session,
                    const KpyUnpack *unpack,
                    GCancellable *cancellable,
                    GError **error);

char *kpy_unpack_to_scratch(KpySession *session,
                            const char *name,
                            const char *as,
                            GCancellable *cancellable,
                            GError **error);

void kpy_warn_of_unknown(KpySession *session, char **unknown);

G_END_DECLS
