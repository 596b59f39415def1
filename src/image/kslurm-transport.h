/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/image/kslurm-mirrors.h"

G_BEGIN_DECLS

/**
 * KslurmTransport: (skip)
 *
 * Connections to servers, for one operation and from any thread.
 */
typedef struct _KslurmTransport KslurmTransport;

/**
 * KslurmAsk: (skip)
 * @method: "GET", "HEAD" or "POST"
 * @url: of what
 * @accept: (nullable): which media types
 * @authorization: (nullable): for the host of @url, and for no other
 * @form: (nullable): what is posted
 * @validator: (nullable): the state that @offset is of
 * @offset: where to begin
 * @plain: whether the host of @url may be asked without TLS
 */
typedef struct {
  const char *method;
  const char *url;
  const char *accept;
  const char *authorization;
  const char *form;
  const char *validator;
  guint64 offset;
  gboolean plain;
} KslurmAsk;

/**
 * KslurmAnswer: (skip)
 *
 * What a server answered, whatever the status; its body is still to be read.
 */
typedef struct _KslurmAnswer KslurmAnswer;

KslurmTransport *kslurm_transport_new(const KslurmMirrors *mirrors, guint connections);
void kslurm_transport_free(KslurmTransport *transport);

KslurmAnswer *kslurm_transport_send(KslurmTransport *transport,
                                    const KslurmAsk *ask,
                                    GCancellable *cancellable,
                                    GError **error);
gboolean kslurm_transport_is_loopback(const char *host);

void kslurm_answer_free(KslurmAnswer *answer);
guint kslurm_answer_get_status(const KslurmAnswer *answer);
const char *kslurm_answer_get_host(const KslurmAnswer *answer);
const char *kslurm_answer_get_header(const KslurmAnswer *answer, const char *name);
guint64 kslurm_answer_get_length(const KslurmAnswer *answer);
GInputStream *kslurm_answer_get_body(const KslurmAnswer *answer);
GBytes *kslurm_answer_read(const KslurmAnswer *answer,
                           gsize limit,
                           GCancellable *cancellable,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmTransport, kslurm_transport_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmAnswer, kslurm_answer_free)

G_END_DECLS
