/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-shell-file.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/config/kslurm-config-private.h"
#include "base/shell/kslurm-shell-text.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"

#define TEXT_LIMIT ((gsize)1024 * 1024)

/**
 * kslurm_shell_file_dup_path: (skip)
 * @dialect: a shell
 *
 * Returns: (transfer full): the file that our commands keep current for that shell; it may
 *   not exist
 */
char *
kslurm_shell_file_dup_path(KslurmDialect dialect)
{
  g_autofree char *folder = kslurm_dirs_dup_state();
  g_autofree char *name = g_strconcat("init.", kslurm_dialect_get_name(dialect), NULL);

  return g_build_filename(folder, name, NULL);
}

/**
 * kslurm_shell_line: (skip)
 * @dialect: a shell
 *
 * The line for a start-up file. It is silent and successful when the file is gone, under
 * 'set -e' too.
 *
 * Returns: (transfer full): the line, without newline
 */
char *
kslurm_shell_line(KslurmDialect dialect)
{
  g_autofree char *path = kslurm_shell_file_dup_path(dialect);
  g_autofree char *quoted = kslurm_shell_quote(dialect, path);

  if (dialect == KSLURM_DIALECT_FISH)
    return g_strdup_printf("if test -r %s; source %s; end", quoted, quoted);
  return g_strdup_printf("[ ! -r %s ] || . %s", quoted, quoted);
}

/* what one shell's variables say is not for the other shells that read the file */
static KslurmConfig *
dup_lasting(KslurmConfig *config, GError **error)
{
  g_auto(GStrv) keys = kslurm_config_list_keys(config, NULL);

  for (gsize i = 0; keys[i] != NULL; i++)
    if (kslurm_shell_text_uses(keys[i]) &&
        g_str_has_prefix(kslurm_config_get_origin(config, keys[i]), "KSLURM_"))
      return kslurm_config_load_files(error);
  return kslurm_config_ref(config);
}

static char *
dup_text(KslurmDialect dialect, KslurmConfig *config, GError **error)
{
  g_auto(GStrv) environ = g_get_environ();
  g_autoptr(KslurmConfig) lasting = dup_lasting(config, error);

  return lasting != NULL ? kslurm_shell_text(dialect, lasting, (const char *const *)environ)
                         : NULL;
}

/* FALSE without an error: there is no file */
static gboolean
refresh(KslurmDialect dialect, KslurmConfig *config, GError **error)
{
  g_autofree char *path = kslurm_shell_file_dup_path(dialect);
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) present = kslurm_file_read(path, TEXT_LIMIT, &failure);
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;

  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
    return FALSE;
  text = dup_text(dialect, config, error);
  if (text == NULL)
    return FALSE;
  if (present != NULL)
    before = g_strndup(g_bytes_get_data(present, NULL), g_bytes_get_size(present));
  if (before != NULL && kslurm_shell_text_is_same(before, text))
    return TRUE;
  return kslurm_file_replace(path, text, -1, 0600, error);
}

/**
 * kslurm_shell_file_make: (skip)
 * @dialect: a shell
 * @config: the configuration
 * @error: return location
 *
 * Writes the file that the line of kslurm_shell_line() sources; from then on
 * kslurm_shell_file_refresh() keeps it current.
 *
 * Returns: whether the file is there and current
 */
gboolean
kslurm_shell_file_make(KslurmDialect dialect, KslurmConfig *config, GError **error)
{
  g_autofree char *path = kslurm_shell_file_dup_path(dialect);
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *text = NULL;
  g_autoptr(GError) failure = NULL;

  if (refresh(dialect, config, &failure))
    return TRUE;
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (g_mkdir_with_parents(folder, 0700) != 0)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), folder);
  text = dup_text(dialect, config, error);
  return text != NULL && kslurm_file_replace(path, text, -1, 0600, error);
}

/**
 * kslurm_shell_file_refresh: (skip)
 * @config: the configuration
 * @error: return location
 *
 * Writes those of the files again that exist and would now be other ones: a setting in
 * them changed, or our version. Where all is as it was, this is one read.
 *
 * Returns: whether all that exist are current
 */
gboolean
kslurm_shell_file_refresh(KslurmConfig *config, GError **error)
{
  for (int i = 0; i < KSLURM_N_DIALECTS; i++) {
    g_autoptr(GError) failure = NULL;

    if (!refresh((KslurmDialect)i, config, &failure) && failure != NULL) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
  }
  return TRUE;
}
