/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-json.h"

/* a value of one byte costs a hundred in memory */
#define MAX_VALUES 100000

static gboolean
has_few_values(const char *data, gsize length)
{
  gboolean quoted = FALSE;
  gsize values = 0;

  for (gsize i = 0; i < length && values <= MAX_VALUES; i++) {
    if (quoted && data[i] == '\\')
      i++;
    else if (data[i] == '"')
      quoted = !quoted;
    else if (!quoted && (data[i] == ',' || data[i] == '[' || data[i] == '{'))
      values++;
  }
  return values <= MAX_VALUES;
}

/**
 * kslurm_image_json_parse: (skip)
 * @data: (array length=length): what a server sent
 * @length: in bytes, or -1 when @data ends with NUL
 * @limit: the most bytes to accept
 * @error: return location
 *
 * Parses an object in bounded memory.
 *
 * Returns: (transfer full) (nullable): the object, or %NULL with %KSLURM_ERROR_CORRUPT or,
 *   when it is too large, %KSLURM_ERROR_UNSUPPORTED
 */
JsonNode *
kslurm_image_json_parse(const char *data, gssize length, gsize limit, GError **error)
{
  gsize size = length < 0 ? strlen(data) : (gsize)length;

  if (size <= limit && has_few_values(data, size))
    return kslurm_json_parse(data, (gssize)size, error);
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                      _("this JSON is larger than any that belongs to an image"));
  return NULL;
}
