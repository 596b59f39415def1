/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmCredential: (skip)
 * @user: (nullable): a name
 * @password: (nullable): its password
 * @identity: (nullable): a token to get tokens with, instead of both
 * @token: (nullable): a token to send as it is, printable
 *
 * What a user may show to a registry. Never logged, never part of an argument vector.
 */
typedef struct {
  char *user;
  char *password;
  char *identity;
  char *token;
} KslurmCredential;

void kslurm_credential_free(KslurmCredential *credential);
KslurmCredential *
kslurm_credential_from_helper(const char *data, gssize length, GError **error);

/**
 * KslurmDockerConfig: (skip)
 *
 * A docker's config.json, or a podman's auth.json, which says the same.
 */
typedef struct _KslurmDockerConfig KslurmDockerConfig;

KslurmDockerConfig *
kslurm_docker_config_parse(const char *data, gssize length, GError **error);
void kslurm_docker_config_free(KslurmDockerConfig *config);

gboolean kslurm_docker_config_find(const KslurmDockerConfig *config,
                                   const char *host,
                                   const char *repository,
                                   KslurmCredential **credential,
                                   GError **error);
const char *kslurm_docker_config_get_helper(const KslurmDockerConfig *config,
                                            const char *host,
                                            const char *repository);
const char *kslurm_docker_config_get_key(const char *host);

gboolean kslurm_docker_config_login(const char *path,
                                    const char *host,
                                    const char *user,
                                    const char *password,
                                    GCancellable *cancellable,
                                    GError **error);
gboolean kslurm_docker_config_logout(const char *path,
                                     const char *host,
                                     GCancellable *cancellable,
                                     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmCredential, kslurm_credential_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmDockerConfig, kslurm_docker_config_free)

G_END_DECLS
