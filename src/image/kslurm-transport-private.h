/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "image/kslurm-transport.h"

G_BEGIN_DECLS

struct _KslurmTransport {
  const KslurmMirrors *mirrors;
  guint connections;
  GMutex mutex;
  SoupSession *plain; /* loads no certificates */
  SoupSession *secure;
};

KslurmAnswer *kslurm_answer_new(SoupMessage *message, GInputStream *body);

KslurmAnswer *kslurm_transport_follow(KslurmTransport *transport,
                                      const KslurmAsk *ask,
                                      GCancellable *cancellable,
                                      GError **error);

G_END_DECLS
