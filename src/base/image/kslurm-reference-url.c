/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-reference-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"

#define MAX_ENCODED 240
#define SIF ".sif"

static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "abcdefghijklmnopqrstuvwxyz0123456789_.-+=,~";

/**
 * kslurm_reference_encode_part: (skip)
 * @part: a part of a reference between two slashes, or a query
 *
 * Makes a file name of it that no shell and no engine takes for more. A final '.sif' is
 * changed as well: only links end so, which no folder must collide with.
 *
 * Returns: (transfer full): the name
 */
char *
kslurm_reference_encode_part(const char *part)
{
  GString *name = g_string_new(NULL);
  gsize length = strlen(part);

  for (gsize i = 0; i < length; i++) {
    gboolean ending = i + strlen(SIF) == length && g_str_has_suffix(part, SIF);

    if (strchr(safe, part[i]) != NULL && !ending)
      g_string_append_c(name, part[i]);
    else
      g_string_append_printf(name, "%%%02X", (guchar)part[i]);
  }
  return g_string_free(name, FALSE);
}

/**
 * kslurm_reference_decode_part: (skip)
 * @name: a file name that somebody made
 *
 * Returns: (transfer full) (nullable): what kslurm_reference_encode_part() made the name
 * of, or %NULL
 */
char *
kslurm_reference_decode_part(const char *name)
{
  return g_uri_unescape_string(name, NULL);
}

static gboolean
check_part(const char *part, GError **error)
{
  g_autofree char *encoded = kslurm_reference_encode_part(part);

  if (part[0] == '\0' || g_str_equal(part, ".") || g_str_equal(part, ".."))
    return kslurm_set_usage(error, _("'%s' is no part of an address"), part);
  if (strlen(encoded) > MAX_ENCODED) {
    g_autofree char *shown = kslurm_reference_dup_shown(part, -1);

    return kslurm_set_usage(error, _("'%s' is too long for a file's name"), shown);
  }
  return TRUE;
}

static gboolean
check_path(const char *path, GError **error)
{
  const char *query = strchr(path, '?');
  g_autofree char *plain =
      g_strndup(path, query != NULL ? (gsize)(query - path) : strlen(path));
  g_auto(GStrv) parts = g_strsplit(plain, "/", -1);
  gsize last = g_strv_length(parts);

  if (last == 0)
    return kslurm_set_usage(error, _("it names a host and no file"));
  if (query != NULL) {
    g_autofree char *whole = g_strconcat(parts[last - 1], query, NULL);

    if (!check_part(whole, error))
      return FALSE;
  }
  for (gsize i = 0; i < last; i++)
    if (!check_part(parts[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
check_characters(const char *path, GError **error)
{
  const char *at = path;

  while (g_ascii_isalnum(*at) || (*at != '\0' && strchr("-._~!$&'()*+,;=:@/?", *at)) ||
         (*at == '%' && g_ascii_isxdigit(at[1]) && g_ascii_isxdigit(at[2])))
    at++;
  if (*at != '\0') {
    g_autofree char *character = kslurm_reference_dup_character(at);

    return kslurm_set_usage(error, _("'%s' may not stand in an address"), character);
  }
  return TRUE;
}

/**
 * kslurm_reference_take_url: (skip)
 * @reference: a reference in the making, with its scheme
 * @text: what stands after the scheme
 * @error: return location
 *
 * Reads 'HOST[:PORT]/PATH[?QUERY]'.
 *
 * Returns: whether @reference is complete
 */
gboolean
kslurm_reference_take_url(KslurmReference *reference, const char *text, GError **error)
{
  gsize length = strcspn(text, "/?");

  if (memchr(text, '@', length) != NULL)
    return kslurm_set_usage(error, _("a name or a password does not belong here; use "
                                     "'kapp login'"));
  if (length == 0)
    return kslurm_set_usage(error, _("the host is missing"));
  reference->host = kslurm_reference_dup_host(text, length, error);
  if (reference->host == NULL)
    return FALSE;
  if (text[length] != '/')
    return kslurm_set_usage(error, _("it names a host and no file"));
  reference->repository = g_strdup(text + length + 1);
  return check_characters(reference->repository, error) &&
         check_path(reference->repository, error);
}
