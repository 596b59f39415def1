/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-manifest.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/image/kslurm-image-json.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-json.h"

#define MAX_LAYERS 2048
#define MAX_ENTRIES 1024
#define MAX_NAME 64

#define DOCKER "application/vnd.docker.distribution.manifest"
#define OCI "application/vnd.oci.image"

/* in the order in which they are asked for; the same list always, since a registry may
 * answer another digest to another list */
const char *const kslurm_manifest_types[] = {OCI ".index.v1+json", DOCKER ".list.v2+json",
                                             OCI ".manifest.v1+json", DOCKER ".v2+json",
                                             NULL};

/**
 * kslurm_manifest_free: (skip)
 * @manifest: (transfer full): a manifest
 */
void
kslurm_manifest_free(KslurmManifest *manifest)
{
  g_free(manifest->type);
  g_clear_pointer(&manifest->config, kslurm_descriptor_free);
  g_clear_pointer(&manifest->layers, g_ptr_array_unref);
  g_clear_pointer(&manifest->entries, g_ptr_array_unref);
  g_free(manifest);
}

static void
free_entry(gpointer data)
{
  KslurmManifestEntry *entry = data;

  kslurm_descriptor_free(entry->target);
  g_free(entry->os);
  g_free(entry->arch);
  g_free(entry->variant);
  g_free(entry);
}

static gboolean
corrupt(GError **error)
{
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                      _("the registry's manifest is damaged"));
  return FALSE;
}

/* it is compared, and shown */
static char *
dup_name(JsonObject *object, const char *name)
{
  const char *text = NULL;

  if (object == NULL || !kslurm_json_get_string(object, name, &text) || text == NULL ||
      strlen(text) > MAX_NAME ||
      text[strspn(text,
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")])
    return g_strdup("");
  return g_strdup(text);
}

static gboolean
add_entry(KslurmManifest *manifest, JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
  KslurmDescriptor *target = object != NULL ? kslurm_descriptor_from_object(object) : NULL;
  KslurmManifestEntry *entry = NULL;
  JsonObject *platform = NULL;

  if (target == NULL)
    return FALSE;
  kslurm_json_get_object(object, "platform", &platform);
  entry = g_new0(KslurmManifestEntry, 1);
  entry->target = target;
  entry->os = dup_name(platform, "os");
  entry->arch = dup_name(platform, "architecture");
  entry->variant = dup_name(platform, "variant");
  g_ptr_array_add(manifest->entries, entry);
  return TRUE;
}

static gboolean
take_index(KslurmManifest *manifest, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member(object, "manifests");
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

  if (array == NULL || json_array_get_length(array) > MAX_ENTRIES)
    return corrupt(error);
  for (guint i = 0; i < json_array_get_length(array); i++)
    if (!add_entry(manifest, json_array_get_element(array, i)))
      return corrupt(error);
  return TRUE;
}

static gboolean
take_image(KslurmManifest *manifest, JsonObject *object, GError **error)
{
  JsonObject *config = NULL;
  GPtrArray *layers = kslurm_descriptor_read_list(object, "layers", MAX_LAYERS);

  if (layers == NULL)
    return corrupt(error);
  g_ptr_array_unref(manifest->layers);
  manifest->layers = layers;
  if (!kslurm_json_get_object(object, "config", &config) || config == NULL)
    return corrupt(error);
  manifest->config = kslurm_descriptor_from_object(config);
  return manifest->config != NULL || corrupt(error);
}

static gboolean
is_index_type(const char *type)
{
  return g_str_equal(type, kslurm_manifest_types[0]) ||
         g_str_equal(type, kslurm_manifest_types[1]);
}

/* the text's own word, then the server's, then what the text looks like */
static char *
dup_type(JsonObject *object, const char *content_type)
{
  gboolean index = json_object_has_member(object, "manifests");
  const char *type = NULL;

  if (kslurm_json_get_string(object, "mediaType", &type) && type != NULL)
    return g_strdup(type);
  if (content_type != NULL) {
    g_autofree char *bare =
        g_ascii_strdown(content_type, (gssize)strcspn(content_type, "; \t"));

    if (g_strv_contains(kslurm_manifest_types, bare))
      return g_steal_pointer(&bare);
  }
  return g_strdup(kslurm_manifest_types[index ? 0 : 2]);
}

static gboolean
check_version(JsonObject *object, const char *type, GError **error)
{
  guint64 version = 0;

  if (!kslurm_json_get_size(object, "schemaVersion", &version))
    return corrupt(error);
  if (version == 1)
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                        _("this image has a manifest of the old schema 1, which nobody "
                          "serves any more; its publisher must push it again"));
  else if (version != 2)
    return corrupt(error);
  else if (!g_strv_contains(kslurm_manifest_types, type))
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                        _("this is a manifest of something else than an image"));
  return version == 2 && g_strv_contains(kslurm_manifest_types, type);
}

/* a text that could be read as either would have one digest and two meanings */
static gboolean
take_all(KslurmManifest *manifest, JsonObject *object, GError **error)
{
  gboolean index = is_index_type(manifest->type);

  if (!check_version(object, manifest->type, error))
    return FALSE;
  if (json_object_has_member(object, index ? "layers" : "manifests") ||
      (index && json_object_has_member(object, "config")))
    return corrupt(error);
  return index ? take_index(manifest, object, error) : take_image(manifest, object, error);
}

/**
 * kslurm_manifest_parse: (skip)
 * @data: (array length=length): what a registry sent
 * @length: in bytes, or -1 when @data ends with NUL
 * @content_type: (nullable): what the registry calls it
 * @error: return location
 *
 * Reads a manifest or an index, of Docker or OCI. Every digest in it is one.
 *
 * Returns: (transfer full) (nullable): the manifest, or %NULL with %KSLURM_ERROR_CORRUPT
 *   or %KSLURM_ERROR_UNSUPPORTED
 */
KslurmManifest *
kslurm_manifest_parse(const char *data,
                      gssize length,
                      const char *content_type,
                      GError **error)
{
  g_autoptr(JsonNode) root =
      kslurm_image_json_parse(data, length, KSLURM_MANIFEST_LIMIT, error);
  g_autoptr(KslurmManifest) manifest = NULL;

  if (root == NULL)
    return NULL;
  manifest = g_new0(KslurmManifest, 1);
  manifest->type = dup_type(json_node_get_object(root), content_type);
  manifest->layers = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_descriptor_free);
  manifest->entries = g_ptr_array_new_with_free_func(free_entry);
  if (!take_all(manifest, json_node_get_object(root), error))
    return NULL;
  return g_steal_pointer(&manifest);
}

/**
 * kslurm_manifest_is_index: (skip)
 * @manifest: a manifest
 *
 * Returns: whether it lists manifests and is none of an image itself
 */
gboolean
kslurm_manifest_is_index(const KslurmManifest *manifest)
{
  return manifest->config == NULL;
}
