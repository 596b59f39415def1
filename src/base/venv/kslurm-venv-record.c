/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-record.h"

#include <string.h>

/**
 * kslurm_venv_record_dup_hash: (skip)
 * @bytes: the content of a file
 *
 * Returns: (transfer full): its hash as RECORD spells it: urlsafe, without padding
 */
char *
kslurm_venv_record_dup_hash(GBytes *bytes)
{
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  gsize length = 0;
  const guchar *data = g_bytes_get_data(bytes, &length);
  guint8 digest[32];
  gsize size = sizeof digest;
  g_autofree char *text = NULL;

  if (length > 0)
    g_checksum_update(checksum, data, (gssize)length);
  g_checksum_get_digest(checksum, digest, &size);
  text = g_base64_encode(digest, size);
  g_strdelimit(text, "+", '-');
  g_strdelimit(text, "/", '_');
  *strchr(text, '=') = '\0';
  return g_strconcat("sha256=", text, NULL);
}

/* gives where the value ends; a quoted one may hold commas, newlines and doubled quotes */
static const char *
take_value(const char *p, GString *value)
{
  gboolean quoted = *p == '"';

  g_string_truncate(value, 0);
  for (p += quoted ? 1 : 0; *p != '\0'; p++) {
    if (quoted && p[0] == '"' && p[1] == '"')
      p++;
    else if (quoted && *p == '"')
      return p + 1;
    else if (!quoted && strchr(",\r\n", *p) != NULL)
      return p;
    g_string_append_c(value, *p);
  }
  return p;
}

static char *
dup_name(const char *path, const char *site)
{
  g_autofree char *folder = g_strconcat("/", site, NULL);
  g_autofree char *whole = g_canonicalize_filename(path, folder);

  return g_strdup(whole + 1);
}

/**
 * kslurm_venv_record_update: (skip)
 * @text: a RECORD: lines of path, hash and size
 * @site: the folder that its paths start from, relative to the environment
 * @lookup: knows the files that changed
 * @data: for @lookup
 *
 * Gives the lines of changed files their hash and size. Lines without a hash, and how
 * lines end and quote, stay.
 *
 * Returns: (transfer full) (nullable): the new text, or %NULL: nothing changed
 */
char *
kslurm_venv_record_update(const char *text,
                          const char *site,
                          KslurmRecordLookup lookup,
                          gpointer data)
{
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GString) value = g_string_new(NULL);
  gboolean changed = FALSE;

  while (*text != '\0') {
    const char *end = take_value(text, value);
    g_autofree char *name = dup_name(value->str, site);
    GBytes *bytes = *end == ',' && value->len > 0 ? lookup(name, data) : NULL;

    g_string_append_len(out, text, end - text);
    text = end;
    if (bytes != NULL && text[1] != ',') {
      g_autofree char *hash = kslurm_venv_record_dup_hash(bytes);

      text = take_value(text + 1, value);
      text = *text == ',' ? take_value(text + 1, value) : text;
      g_string_append_printf(out, ",%s,%zu", hash, g_bytes_get_size(bytes));
      changed = TRUE;
    }
    end = text + strcspn(text, "\n");
    end += *end == '\n' ? 1 : 0;
    g_string_append_len(out, text, end - text);
    text = end;
  }
  return changed ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}
