/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-gpus.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"

static gboolean
is_count(const char *text)
{
  return g_ascii_isdigit(text[0]) && text[strspn(text, "0123456789")] == '\0';
}

static gboolean
is_kind(const char *text)
{
  static const char letters[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

  return text[0] != '\0' && text[0] != '-' && !is_count(text) &&
         text[strspn(text, letters)] == '\0';
}

static gboolean
take_parts(char **parts, KslurmGpus *gpus)
{
  guint n = g_strv_length(parts);
  const char *count = n > 1 && is_count(parts[n - 1]) ? parts[n - 1] : NULL;
  const char *kind = n > 1 && count != parts[1] ? parts[1] : NULL;

  if (n > 3 || (n == 3 && count == NULL) || (kind != NULL && !is_kind(kind)))
    return FALSE;
  gpus->count = count != NULL ? (guint)MIN(g_ascii_strtoull(count, NULL, 10), 100000) : 1;
  gpus->kind = g_strdup(kind);
  return gpus->count > 0 && gpus->count < 100000;
}

/**
 * kslurm_gpus_parse:
 * @text: a word
 * @gpus: (out caller-allocates): the GPUs
 * @error: return location
 *
 * Reads 'gpu', 'gpu:2', 'gpu:a100' or 'gpu:a100:2'.
 *
 * Returns: what @text is
 */
KslurmParse
kslurm_gpus_parse(const char *text, KslurmGpus *gpus, GError **error)
{
  g_auto(GStrv) parts = g_strsplit(text, ":", -1);

  gpus->kind = NULL;
  gpus->count = 0;
  if (g_strcmp0(parts[0], "gpu") != 0)
    return KSLURM_PARSE_NO;
  if (take_parts(parts, gpus))
    return KSLURM_PARSE_YES;
  kslurm_gpus_clear(gpus);
  kslurm_set_usage(
      error, _("'%s' is no request for GPUs; write 'gpu', 'gpu:2' or 'gpu:a100:2'"), text);
  return KSLURM_PARSE_ERROR;
}

/**
 * kslurm_gpus_to_option:
 * @gpus: the GPUs
 * @style: (nullable): "gpus-per-node", or "gres", which %NULL means too
 *
 * Returns: (transfer full): the one option that asks Slurm for them
 */
char *
kslurm_gpus_to_option(const KslurmGpus *gpus, const char *style)
{
  const char *option =
      g_strcmp0(style, "gpus-per-node") == 0 ? "--gpus-per-node=" : "--gres=gpu:";

  return g_strdup_printf("%s%s%s%u", option, gpus->kind != NULL ? gpus->kind : "",
                         gpus->kind != NULL ? ":" : "", gpus->count);
}

/**
 * kslurm_gpus_clear:
 * @gpus: what kslurm_gpus_parse() filled
 *
 * Frees what @gpus holds, not @gpus itself.
 */
void
kslurm_gpus_clear(KslurmGpus *gpus)
{
  g_clear_pointer(&gpus->kind, g_free);
  gpus->count = 0;
}
