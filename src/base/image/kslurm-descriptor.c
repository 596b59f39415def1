/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-descriptor.h"

#include <string.h>

#include "base/image/kslurm-reference.h"
#include "base/util/kslurm-json.h"

/* more than any disk holds, and sums of it still fit */
#define MAX_SIZE ((guint64)1 << 48)
#define MAX_TYPE 255

/**
 * kslurm_descriptor_new: (skip)
 * @type: its media type
 * @digest: its digest
 * @size: in bytes
 *
 * Returns: (transfer full): a descriptor
 */
KslurmDescriptor *
kslurm_descriptor_new(const char *type, const char *digest, guint64 size)
{
  KslurmDescriptor *descriptor = g_new0(KslurmDescriptor, 1);

  descriptor->type = g_strdup(type);
  descriptor->digest = g_strdup(digest);
  descriptor->size = size;
  return descriptor;
}

/**
 * kslurm_descriptor_free: (skip)
 * @descriptor: (transfer full): a descriptor
 */
void
kslurm_descriptor_free(KslurmDescriptor *descriptor)
{
  g_free(descriptor->type);
  g_free(descriptor->digest);
  g_free(descriptor);
}

static gboolean
is_type(const char *type)
{
  for (const char *p = type; *p != '\0'; p++)
    if (!g_ascii_isgraph(*p))
      return FALSE;
  return strlen(type) <= MAX_TYPE;
}

/**
 * kslurm_descriptor_from_object: (skip)
 * @object: what should be a descriptor
 *
 * Returns: (transfer full) (nullable): the descriptor, or %NULL when something is missing
 *   or not as it must be
 */
KslurmDescriptor *
kslurm_descriptor_from_object(JsonObject *object)
{
  const char *type = NULL, *digest = NULL;
  guint64 size = 0;

  if (!kslurm_json_get_string(object, "mediaType", &type) ||
      !kslurm_json_get_string(object, "digest", &digest) ||
      !kslurm_json_get_size(object, "size", &size) || digest == NULL ||
      !kslurm_digest_is_valid(digest) || size > MAX_SIZE ||
      !json_object_has_member(object, "size") || (type != NULL && !is_type(type)))
    return NULL;
  return kslurm_descriptor_new(type != NULL ? type : "", digest, size);
}

/**
 * kslurm_descriptor_read_list: (skip)
 * @object: an object
 * @name: a member of it
 * @limit: the most descriptors to accept
 *
 * Returns: (transfer full) (nullable) (element-type KslurmDescriptor): the descriptors, or
 *   %NULL when the member is absent, or holds anything else
 */
GPtrArray *
kslurm_descriptor_read_list(JsonObject *object, const char *name, guint limit)
{
  g_autoptr(GPtrArray) list =
      g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_descriptor_free);
  JsonNode *node = json_object_get_member(object, name);
  JsonArray *array = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
    return NULL;
  array = json_node_get_array(node);
  if (json_array_get_length(array) > limit)
    return NULL;
  for (guint i = 0; i < json_array_get_length(array); i++) {
    JsonNode *element = json_array_get_element(array, i);
    KslurmDescriptor *descriptor =
        JSON_NODE_HOLDS_OBJECT(element)
            ? kslurm_descriptor_from_object(json_node_get_object(element))
            : NULL;

    if (descriptor == NULL)
      return NULL;
    g_ptr_array_add(list, descriptor);
  }
  return g_steal_pointer(&list);
}

/**
 * kslurm_descriptor_build: (skip)
 * @descriptor: a descriptor
 * @builder: takes it as an object
 */
void
kslurm_descriptor_build(const KslurmDescriptor *descriptor, JsonBuilder *builder)
{
  json_builder_begin_object(builder);
  json_builder_set_member_name(builder, "mediaType");
  json_builder_add_string_value(builder, descriptor->type);
  json_builder_set_member_name(builder, "digest");
  json_builder_add_string_value(builder, descriptor->digest);
  json_builder_set_member_name(builder, "size");
  json_builder_add_int_value(builder, (gint64)descriptor->size);
  json_builder_end_object(builder);
}
