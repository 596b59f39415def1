/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-rc-file.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/shell/kslurm-rc.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"

#define RC_LIMIT ((gsize)8 * 1024 * 1024)

/**
 * kslurm_rc_file_dup_path: (skip)
 * @dialect: a shell
 * @environ: (array zero-terminated=1): the environment
 *
 * Returns: (transfer full): the start-up file that each interactive shell reads
 */
char *
kslurm_rc_file_dup_path(KslurmDialect dialect, const char *const *environ)
{
  const char *dots = g_environ_getenv((char **)environ, "ZDOTDIR");

  if (dialect == KSLURM_DIALECT_FISH)
    return g_build_filename(g_get_user_config_dir(), "fish", "config.fish", NULL);
  if (dialect == KSLURM_DIALECT_ZSH)
    return g_build_filename(dots != NULL && dots[0] != '\0' ? dots : g_get_home_dir(),
                            ".zshrc", NULL);
  return g_build_filename(g_get_home_dir(), ".bashrc", NULL);
}

/* gives the text, empty where there is no file yet */
static char *
read_text(const char *path, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) bytes = kslurm_file_read(path, RC_LIMIT, &failure);
  gsize size = bytes != NULL ? g_bytes_get_size(bytes) : 0;

  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
    if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK))
      return g_strdup("");
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("'%s' is a symbolic link to a file that is not there"), path);
    return NULL;
  }
  if (bytes == NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  if (size > 0 && memchr(g_bytes_get_data(bytes, NULL), '\0', size) != NULL) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED, _("'%s' is not text"), path);
    return NULL;
  }
  return size > 0 ? g_strndup(g_bytes_get_data(bytes, NULL), size) : g_strdup("");
}

/* the mode is kept, whatever the umask */
static gboolean
write_text(const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  struct stat st;
  gboolean there = stat(path, &st) == 0;

  /* replacing asks the folder only: a file that somebody protected stays as it is */
  if (there && access(path, W_OK) != 0)
    return kslurm_set_errno(error, errno, _("cannot write '%s'"), path);
  if (g_mkdir_with_parents(folder, 0700) != 0)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), folder);
  if (!kslurm_file_replace(path, text, -1, there ? (int)(st.st_mode & 0777) : 0644, error))
    return FALSE;
  if (there && g_chmod(path, (int)(st.st_mode & 07777)) != 0)
    return kslurm_set_errno(error, errno, _("cannot set the mode of '%s'"), path);
  return TRUE;
}

/**
 * kslurm_rc_file_edit: (skip)
 * @path: a shell's start-up file
 * @line: (nullable): what our block is to hold, or %NULL to remove the block
 * @dry: whether to change nothing
 * @changes: (out) (transfer full): the lines that go and come, none when all is as wanted
 * @error: return location
 *
 * Edits our marked block. A symlink stays one, and the file's mode is kept.
 *
 * Returns: whether the file is, or with @dry would be, as wanted
 */
gboolean
kslurm_rc_file_edit(
    const char *path, const char *line, gboolean dry, char **changes, GError **error)
{
  g_autofree char *text = read_text(path, error);
  g_autofree char *edited = NULL;

  if (text == NULL)
    return FALSE;
  edited =
      line != NULL ? kslurm_rc_insert(text, line, error) : kslurm_rc_remove(text, error);
  if (edited == NULL) {
    g_prefix_error(error, "'%s': ", path);
    return FALSE;
  }
  if (!dry && !g_str_equal(text, edited) && !write_text(path, edited, error))
    return FALSE;
  *changes = kslurm_rc_compare(text, edited);
  return TRUE;
}
