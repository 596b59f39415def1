/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-challenge.h"
#include "base/image/kslurm-docker-config.h"
#include "image/kslurm-auth.h"

G_BEGIN_DECLS

#define KSLURM_AUTH_FALLBACK_LIFE 60 /* seconds, where a token server says nothing */

gboolean kslurm_auth_find_credential(const char *host,
                                     const char *repository,
                                     KslurmCredential **credential,
                                     GCancellable *cancellable,
                                     GError **error);

char *kslurm_auth_dup_basic(const KslurmCredential *credential);
char *kslurm_auth_read_token(const char *data, gssize length, gint64 *life);
char *kslurm_auth_fetch_token(KslurmTransport *transport,
                              const KslurmChallenge *challenge,
                              const char *repository,
                              const KslurmCredential *credential,
                              gint64 *life,
                              GCancellable *cancellable,
                              GError **error);

G_END_DECLS
