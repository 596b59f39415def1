/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-error-private.h"

#include <gio/gio.h>

/**
 * kslurm_error_quark:
 *
 * Gives the domain of libkslurm's own errors. Those of the system are `G_IO_ERROR`.
 *
 * Returns: the domain
 */
GQuark
kslurm_error_quark(void)
{
  /* the name in G_DEFINE_QUARK() is no expression, but clang-format spaces it as one */
  return g_quark_from_static_string("kslurm-error-quark");
}

/**
 * kslurm_error_get_exit_status:
 * @error: an error
 *
 * Maps an error to the exit status that a program should end with.
 *
 * Returns: 2 for a usage error, 130 for a cancelled operation, otherwise 1
 */
int
kslurm_error_get_exit_status(const GError *error)
{
  g_return_val_if_fail(error != NULL, 1);
  if (g_error_matches(error, KSLURM_ERROR, KSLURM_ERROR_USAGE))
    return 2;
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return 130;
  return 1;
}

/**
 * kslurm_set_errno: (skip)
 * @error: return location
 * @saved_errno: the value of errno when the call failed
 * @format: what failed, with its subject in single quotes
 *
 * Sets a `G_IO_ERROR` that says @format and the system's own words.
 *
 * Returns: %FALSE, so that a caller can return it
 */
gboolean
kslurm_set_errno(GError **error, int saved_errno, const char *format, ...)
{
  g_autofree char *subject = NULL;
  va_list args;

  va_start(args, format);
  subject = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error(error, G_IO_ERROR, g_io_error_from_errno(saved_errno), "%s: %s", subject,
              g_strerror(saved_errno));
  return FALSE;
}

/**
 * kslurm_set_usage: (skip)
 * @error: return location
 * @format: what is wrong with the user's words, and what to write instead
 *
 * Sets %KSLURM_ERROR_USAGE.
 *
 * Returns: %FALSE, so that a caller can return it
 */
gboolean
kslurm_set_usage(GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start(args, format);
  message = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_USAGE, message);
  return FALSE;
}
