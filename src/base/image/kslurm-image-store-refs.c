/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-refs.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/image/kslurm-descriptor.h"
#include "base/image/kslurm-image-store-names.h"
#include "base/image/kslurm-image-store-private.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-json.h"

#define VERSION 1
#define MAX_FILE (1024 * 1024)
#define MAX_LAYERS 2048
#define MAX_VALIDATOR 1024

/**
 * kslurm_image_ref_new: (skip)
 *
 * Returns: (transfer full): one in the making
 */
KslurmImageRef *
kslurm_image_ref_new(void)
{
  KslurmImageRef *ref = g_new0(KslurmImageRef, 1);

  ref->layers = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_descriptor_free);
  return ref;
}

/**
 * kslurm_image_ref_free: (skip)
 * @ref: (transfer full): what was remembered
 */
void
kslurm_image_ref_free(KslurmImageRef *ref)
{
  g_free(ref->uri);
  g_free(ref->platform);
  g_free(ref->image);
  g_free(ref->answer);
  g_free(ref->manifest);
  g_free(ref->config);
  g_free(ref->validator);
  g_ptr_array_unref(ref->layers);
  g_free(ref);
}

static void
add_string(JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name(builder, name);
  if (value != NULL)
    json_builder_add_string_value(builder, value);
  else
    json_builder_add_null_value(builder);
}

/**
 * kslurm_image_ref_to_json: (skip)
 * @ref: what to remember
 *
 * Returns: (transfer full): the same as JSON
 */
char *
kslurm_image_ref_to_json(const KslurmImageRef *ref)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object(builder);
  json_builder_set_member_name(builder, "version");
  json_builder_add_int_value(builder, VERSION);
  add_string(builder, "uri", ref->uri);
  add_string(builder, "platform", ref->platform);
  add_string(builder, "image", ref->image);
  add_string(builder, "answer", ref->answer);
  add_string(builder, "manifest", ref->manifest);
  add_string(builder, "config", ref->config);
  add_string(builder, "validator", ref->validator);
  json_builder_set_member_name(builder, "layers");
  json_builder_begin_array(builder);
  for (guint i = 0; i < ref->layers->len; i++)
    kslurm_descriptor_build(ref->layers->pdata[i], builder);
  json_builder_end_array(builder);
  json_builder_set_member_name(builder, "time");
  json_builder_add_int_value(builder, ref->time);
  json_builder_end_object(builder);
  root = json_builder_get_root(builder);
  return json_to_string(root, FALSE);
}

static gboolean
is_digest(const char *text)
{
  return text == NULL || kslurm_digest_is_valid(text);
}

/* it goes back to the server in a header of one line */
static gboolean
is_validator(const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p++)
    if (!g_ascii_isprint(*p))
      return FALSE;
  return text == NULL || strlen(text) <= MAX_VALIDATOR;
}

static gboolean
is_uri(const char *text)
{
  g_autoptr(KslurmReference) reference =
      text != NULL ? kslurm_reference_parse(text, NULL) : NULL;
  g_autofree char *form = reference != NULL ? kslurm_reference_to_string(reference) : NULL;

  return g_strcmp0(form, text) == 0 && text != NULL;
}

static gboolean
is_platform(const char *text)
{
  return text == NULL || kslurm_image_names_is_platform(text);
}

static gboolean
take(JsonObject *object,
     const char *name,
     gboolean (*check)(const char *text),
     char **value)
{
  const char *text = NULL;

  if (!kslurm_json_get_string(object, name, &text) || !check(text))
    return FALSE;
  *value = g_strdup(text);
  return TRUE;
}

static gboolean
take_all(JsonObject *object, KslurmImageRef *ref)
{
  GPtrArray *layers = kslurm_descriptor_read_list(object, "layers", MAX_LAYERS);
  guint64 version = 0, seconds = 0;

  if (layers == NULL)
    return FALSE;
  g_ptr_array_unref(ref->layers);
  ref->layers = layers;
  if (!kslurm_json_get_size(object, "version", &version) || version != VERSION ||
      !kslurm_json_get_size(object, "time", &seconds) ||
      !take(object, "uri", is_uri, &ref->uri) ||
      !take(object, "platform", is_platform, &ref->platform) ||
      !take(object, "image", is_digest, &ref->image) ||
      !take(object, "answer", is_digest, &ref->answer) ||
      !take(object, "manifest", is_digest, &ref->manifest) ||
      !take(object, "config", is_digest, &ref->config) ||
      !take(object, "validator", is_validator, &ref->validator))
    return FALSE;
  ref->time = (gint64)seconds;
  return ref->image != NULL;
}

/**
 * kslurm_image_ref_from_json: (skip)
 * @data: (array length=length): bytes from a folder that others may write to
 * @length: in bytes, or -1 when @data ends with NUL
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what was remembered, or %NULL with
 *   %KSLURM_ERROR_CORRUPT
 */
KslurmImageRef *
kslurm_image_ref_from_json(const char *data, gssize length, GError **error)
{
  g_autoptr(JsonNode) root = kslurm_json_parse(data, length, error);
  g_autoptr(KslurmImageRef) ref = kslurm_image_ref_new();

  if (root == NULL)
    return NULL;
  if (take_all(json_node_get_object(root), ref))
    return g_steal_pointer(&ref);
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                      _("what is known about this image is damaged"));
  return NULL;
}

static char *
dup_file(const KslurmImageStore *store,
         const KslurmReference *reference,
         const char *platform)
{
  g_autofree char *name = kslurm_image_names_dup_ref(reference, platform);

  return g_strconcat(store->path, "/refs/", name, NULL);
}

/* a tag beside a digest makes no difference */
static gboolean
is_of(const KslurmImageRef *ref, const char *file)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(ref->uri, NULL);
  g_autofree char *name = kslurm_image_names_dup_ref(reference, ref->platform);

  return g_str_has_suffix(file, name);
}

/**
 * kslurm_image_store_read_ref: (skip)
 * @store: a store
 * @reference: a reference
 * @platform: (nullable): an architecture, or %NULL for this machine's
 *
 * What is damaged is as good as forgotten: the registry will be asked again.
 *
 * Returns: (transfer full) (nullable): what is remembered of @reference
 */
KslurmImageRef *
kslurm_image_store_read_ref(const KslurmImageStore *store,
                            const KslurmReference *reference,
                            const char *platform)
{
  g_autofree char *path = dup_file(store, reference, platform);
  g_autoptr(GBytes) bytes = kslurm_file_read(path, MAX_FILE, NULL);
  g_autoptr(KslurmImageRef) ref = NULL;

  if (bytes == NULL)
    return NULL;
  ref = kslurm_image_ref_from_json(g_bytes_get_data(bytes, NULL),
                                   (gssize)g_bytes_get_size(bytes), NULL);
  return ref != NULL && is_of(ref, path) ? g_steal_pointer(&ref) : NULL;
}

/**
 * kslurm_image_store_write_ref: (skip)
 * @store: a store that is prepared
 * @reference: a reference
 * @platform: (nullable): an architecture, or %NULL for this machine's
 * @ref: what to remember of it
 * @error: return location
 *
 * Returns: whether it is remembered
 */
gboolean
kslurm_image_store_write_ref(const KslurmImageStore *store,
                             const KslurmReference *reference,
                             const char *platform,
                             const KslurmImageRef *ref,
                             GError **error)
{
  g_autofree char *path = dup_file(store, reference, platform);
  g_autofree char *json = kslurm_image_ref_to_json(ref);

  return kslurm_file_replace_itself(path, json, -1, 0666, error);
}
