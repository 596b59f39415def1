/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-docker-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/image/kslurm-docker-config-private.h"
#include "base/image/kslurm-image-json.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-json.h"

struct _KslurmDockerConfig {
  JsonNode *root;
};

/**
 * kslurm_docker_config_free: (skip)
 * @config: (transfer full): a config
 */
void
kslurm_docker_config_free(KslurmDockerConfig *config)
{
  json_node_unref(config->root);
  g_free(config);
}

/**
 * kslurm_docker_config_parse: (skip)
 * @data: (array length=length): the bytes of a file
 * @length: in bytes, or -1 when @data ends with NUL
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the config, or %NULL with @error set
 */
KslurmDockerConfig *
kslurm_docker_config_parse(const char *data, gssize length, GError **error)
{
  JsonNode *root = kslurm_image_json_parse(data, length, KSLURM_DOCKER_CONFIG_LIMIT, error);
  KslurmDockerConfig *config = NULL;

  if (root == NULL)
    return NULL;
  config = g_new0(KslurmDockerConfig, 1);
  config->root = root;
  return config;
}

/* gives the member of 'group' that fits best */
static JsonNode *
find_entry(const KslurmDockerConfig *config,
           const char *group,
           const char *host,
           const char *repository)
{
  JsonObject *entries = NULL;
  JsonNode *found = NULL, *node = NULL;
  JsonObjectIter iter;
  const char *key = NULL;
  int best = -1;

  kslurm_json_get_object(json_node_get_object(config->root), group, &entries);
  if (entries == NULL)
    return NULL;
  json_object_iter_init(&iter, entries);
  while (json_object_iter_next(&iter, &key, &node)) {
    int fit = kslurm_docker_config_match(key, host, repository);

    if (fit > best) {
      best = fit;
      found = node;
    }
  }
  return found;
}

/**
 * kslurm_docker_config_find: (skip)
 * @config: a config
 * @host: a registry
 * @repository: (nullable): a repository of it; podman keeps credentials for parts
 * @credential: (out) (nullable): what is kept in the file itself
 * @error: return location
 *
 * Returns: whether the file's entry, if there is one, could be read; docker leaves empty
 *   ones, which are none, for what a helper keeps
 */
gboolean
kslurm_docker_config_find(const KslurmDockerConfig *config,
                          const char *host,
                          const char *repository,
                          KslurmCredential **credential,
                          GError **error)
{
  JsonNode *node = find_entry(config, "auths", host, repository);
  g_autoptr(KslurmCredential) found = NULL;

  *credential = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL(node))
    return TRUE;
  found = g_new0(KslurmCredential, 1);
  if (!JSON_NODE_HOLDS_OBJECT(node) ||
      !kslurm_credential_read(json_node_get_object(node), found)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("what is kept to log in to '%s' is damaged; use 'kapp login %s'"), host,
                host);
    return FALSE;
  }
  if (found->user != NULL || found->identity != NULL || found->token != NULL)
    *credential = g_steal_pointer(&found);
  return TRUE;
}

/* it becomes a part of a program's name */
static const char *
check_helper(const char *name)
{
  gboolean right =
      name != NULL && name[0] != '\0' && name[0] != '.' && name[0] != '-' &&
      strlen(name) <= 64 &&
      name[strspn(name,
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")] ==
          '\0';

  return right ? name : NULL;
}

/**
 * kslurm_docker_config_get_helper: (skip)
 * @config: a config
 * @host: a registry
 * @repository: (nullable): a repository of it
 *
 * Returns: (transfer none) (nullable): the ending of the 'docker-credential-' program that
 *   keeps this registry's credentials
 */
const char *
kslurm_docker_config_get_helper(const KslurmDockerConfig *config,
                                const char *host,
                                const char *repository)
{
  JsonNode *node = find_entry(config, "credHelpers", host, repository);
  const char *store = NULL;

  if (node != NULL && json_node_get_value_type(node) == G_TYPE_STRING)
    return check_helper(json_node_get_string(node));
  kslurm_json_get_string(json_node_get_object(config->root), "credsStore", &store);
  return check_helper(store);
}
