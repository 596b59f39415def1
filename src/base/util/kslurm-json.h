/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

JsonNode *kslurm_json_parse(const char *data, gssize length, GError **error);

gboolean kslurm_json_get_object(JsonObject *object, const char *name, JsonObject **value);

gboolean kslurm_json_get_string(JsonObject *object, const char *name, const char **value);

gboolean kslurm_json_get_size(JsonObject *object, const char *name, guint64 *value);

gboolean kslurm_json_dup_strings(JsonObject *object, const char *name, char ***value);

G_END_DECLS
