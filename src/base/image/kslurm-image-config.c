/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/image/kslurm-image-json.h"
#include "base/image/kslurm-reference.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-json.h"

#define LIMIT (4 * 1024 * 1024)
#define MAX_LAYERS 2048

/**
 * kslurm_image_config_free: (skip)
 * @config: (transfer full): a config
 */
void
kslurm_image_config_free(KslurmImageConfig *config)
{
  g_free(config->os);
  g_free(config->arch);
  g_free(config->variant);
  g_free(config->created);
  g_free(config->user);
  g_free(config->directory);
  g_strfreev(config->diff_ids);
  g_strfreev(config->entrypoint);
  g_strfreev(config->command);
  g_strfreev(config->environ);
  g_clear_pointer(&config->labels, g_hash_table_unref);
  g_free(config);
}

static gboolean
take_string(JsonObject *object, const char *name, char **value)
{
  const char *text = NULL;

  if (!kslurm_json_get_string(object, name, &text))
    return FALSE;
  *value = text != NULL && text[0] != '\0' ? g_strdup(text) : NULL;
  return TRUE;
}

static gboolean
take_labels(JsonObject *object, KslurmImageConfig *config)
{
  JsonObject *labels = NULL;
  JsonObjectIter iter;
  const char *name = NULL;

  if (!kslurm_json_get_object(object, "Labels", &labels))
    return FALSE;
  if (labels == NULL)
    return TRUE;
  json_object_iter_init(&iter, labels);
  while (json_object_iter_next(&iter, &name, NULL)) {
    const char *value = NULL;

    if (!kslurm_json_get_string(labels, name, &value))
      return FALSE;
    g_hash_table_insert(config->labels, g_strdup(name),
                        g_strdup(value != NULL ? value : ""));
  }
  return TRUE;
}

static gboolean
take_run(JsonObject *object, KslurmImageConfig *config)
{
  JsonObject *run = NULL;

  if (!kslurm_json_get_object(object, "config", &run))
    return FALSE;
  return run == NULL || (take_string(run, "User", &config->user) &&
                         take_string(run, "WorkingDir", &config->directory) &&
                         kslurm_json_dup_strings(run, "Entrypoint", &config->entrypoint) &&
                         kslurm_json_dup_strings(run, "Cmd", &config->command) &&
                         kslurm_json_dup_strings(run, "Env", &config->environ) &&
                         take_labels(run, config));
}

static gboolean
take_diff_ids(JsonObject *object, KslurmImageConfig *config)
{
  JsonObject *rootfs = NULL;

  if (!kslurm_json_get_object(object, "rootfs", &rootfs) || rootfs == NULL ||
      !kslurm_json_dup_strings(rootfs, "diff_ids", &config->diff_ids) ||
      config->diff_ids == NULL || g_strv_length(config->diff_ids) > MAX_LAYERS)
    return FALSE;
  for (gsize i = 0; config->diff_ids[i] != NULL; i++)
    if (!kslurm_digest_is_valid(config->diff_ids[i]))
      return FALSE;
  return TRUE;
}

static gboolean
take_all(JsonObject *object, KslurmImageConfig *config)
{
  return take_string(object, "os", &config->os) &&
         take_string(object, "architecture", &config->arch) &&
         take_string(object, "variant", &config->variant) &&
         take_string(object, "created", &config->created) && take_run(object, config) &&
         take_diff_ids(object, config);
}

/**
 * kslurm_image_config_parse: (skip)
 * @data: (array length=length): what a registry sent
 * @length: in bytes, or -1 when @data ends with NUL
 * @error: return location
 *
 * Reads an image's config. Its digests are digests; its other texts are whatever its maker
 * wrote, and must be quoted and cleaned where they are used.
 *
 * Returns: (transfer full) (nullable): the config, or %NULL with %KSLURM_ERROR_CORRUPT or
 *   %KSLURM_ERROR_UNSUPPORTED
 */
KslurmImageConfig *
kslurm_image_config_parse(const char *data, gssize length, GError **error)
{
  g_autoptr(JsonNode) root = kslurm_image_json_parse(data, length, LIMIT, error);
  g_autoptr(KslurmImageConfig) config = NULL;

  if (root == NULL)
    return NULL;
  config = g_new0(KslurmImageConfig, 1);
  config->labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  if (!take_all(json_node_get_object(root), config)) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                        _("the image's config is damaged"));
    return NULL;
  }
  if (config->environ == NULL)
    config->environ = g_new0(char *, 1);
  if (config->os == NULL)
    config->os = g_strdup("linux");
  if (config->arch == NULL)
    config->arch = g_strdup("unknown");
  return g_steal_pointer(&config);
}
