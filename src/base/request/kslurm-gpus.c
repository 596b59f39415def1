/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-gpus.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"

#define LIMIT 100000 /* more on one node is a slip of the finger */

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
take_parts(char **parts, char **kind, guint *count)
{
  guint n = g_strv_length(parts);
  const char *digits = n > 1 && is_count(parts[n - 1]) ? parts[n - 1] : NULL;
  const char *name = n > 1 && digits != parts[1] ? parts[1] : NULL;
  guint64 number = digits != NULL ? g_ascii_strtoull(digits, NULL, 10) : 1;

  if (n > 3 || (n == 3 && digits == NULL) || (name != NULL && !is_kind(name)) ||
      number == 0 || number >= LIMIT)
    return FALSE;
  *kind = g_strdup(name);
  *count = (guint)number;
  return TRUE;
}

/**
 * kslurm_gpus_parse:
 * @text: a word
 * @kind: (out) (transfer full) (nullable): such as "a100"; %NULL when any will do, and when
 *   @text is no request for GPUs
 * @count: (out): how many on each node, above zero; 0 when @text is no request for GPUs
 * @error: return location
 *
 * Reads 'gpu', 'gpu:2', 'gpu:a100' or 'gpu:a100:2'.
 *
 * Returns: what @text is; with %KSLURM_PARSE_ERROR the error is %KSLURM_ERROR_USAGE
 */
KslurmParse
kslurm_gpus_parse(const char *text, char **kind, guint *count, GError **error)
{
  g_auto(GStrv) parts = NULL;

  g_return_val_if_fail(text != NULL && kind != NULL && count != NULL, KSLURM_PARSE_NO);
  *kind = NULL;
  *count = 0;
  parts = g_strsplit(text, ":", -1);
  if (g_strcmp0(parts[0], "gpu") != 0)
    return KSLURM_PARSE_NO;
  if (take_parts(parts, kind, count))
    return KSLURM_PARSE_YES;
  kslurm_set_usage(
      error, _("'%s' is no request for GPUs; write 'gpu', 'gpu:2' or 'gpu:a100:2'"), text);
  return KSLURM_PARSE_ERROR;
}

/**
 * kslurm_gpus_to_option:
 * @kind: (nullable): such as "a100", or %NULL for any
 * @count: how many on each node
 * @style: (nullable): "gpus-per-node", or "gres", which %NULL means too
 *
 * Writes GPUs as the one option that asks Slurm for them.
 *
 * Returns: (transfer full): such as "--gres=gpu:a100:2"
 */
char *
kslurm_gpus_to_option(const char *kind, guint count, const char *style)
{
  const char *option =
      g_strcmp0(style, "gpus-per-node") == 0 ? "--gpus-per-node=" : "--gres=gpu:";

  return g_strdup_printf("%s%s%s%u", option, kind != NULL ? kind : "",
                         kind != NULL ? ":" : "", count);
}
