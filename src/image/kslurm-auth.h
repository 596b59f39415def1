/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/kslurm-transport.h"

G_BEGIN_DECLS

/**
 * KslurmAuth: (skip)
 *
 * What registries want to see, learnt once for all workers: tokens and passwords.
 */
typedef struct _KslurmAuth KslurmAuth;

KslurmAuth *kslurm_auth_new(KslurmTransport *transport);
void kslurm_auth_free(KslurmAuth *auth);

char *kslurm_auth_dup_header(KslurmAuth *auth, const char *host, const char *repository);
gboolean kslurm_auth_answer(KslurmAuth *auth,
                            const char *host,
                            const char *repository,
                            const char *challenges,
                            const char *refused,
                            GCancellable *cancellable,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmAuth, kslurm_auth_free)

G_END_DECLS
