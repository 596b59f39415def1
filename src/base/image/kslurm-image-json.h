/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

JsonNode *
kslurm_image_json_parse(const char *data, gssize length, gsize limit, GError **error);

G_END_DECLS
