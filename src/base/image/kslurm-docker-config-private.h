/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

#include "base/image/kslurm-docker-config.h"

G_BEGIN_DECLS

#define KSLURM_DOCKER_CONFIG_LIMIT (1024 * 1024)

int kslurm_docker_config_match(const char *key, const char *host, const char *repository);
gboolean kslurm_credential_read(JsonObject *entry, KslurmCredential *credential);

G_END_DECLS
