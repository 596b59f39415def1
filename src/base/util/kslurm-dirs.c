/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-dirs.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-error-private.h"

/**
 * kslurm_dirs_dup_config: (skip)
 *
 * Returns: (transfer full): the user's configuration folder, which may not exist
 */
char *
kslurm_dirs_dup_config(void)
{
  return g_build_filename(g_get_user_config_dir(), "kslurm", NULL);
}

/**
 * kslurm_dirs_dup_state: (skip)
 *
 * Returns: (transfer full): the user's state folder, which may not exist
 */
char *
kslurm_dirs_dup_state(void)
{
  return g_build_filename(g_get_user_state_dir(), "kslurm", NULL);
}

/**
 * kslurm_dirs_dup_cache: (skip)
 *
 * Returns: (transfer full): the user's cache folder, which may not exist
 */
char *
kslurm_dirs_dup_cache(void)
{
  return g_build_filename(g_get_user_cache_dir(), "kslurm", NULL);
}

/**
 * kslurm_dirs_dup_runtime: (skip)
 *
 * The node-local folder for sockets, which fail on network disks and past 107 bytes of
 * path. See kslurm_dirs_make_private().
 *
 * Returns: (transfer full): a folder in /tmp, which may not exist
 */
char *
kslurm_dirs_dup_runtime(void)
{
  return g_strdup_printf("/tmp/kslurm-%u", (guint)geteuid());
}

/**
 * kslurm_dirs_make_private: (skip)
 * @path: a folder whose parent exists
 * @error: return location
 *
 * Makes @path with mode 0700, or checks that it is a folder (no symlink) of this user
 * that nobody else can enter. In /tmp anyone could have made it first.
 *
 * Returns: whether @path is ours alone
 */
gboolean
kslurm_dirs_make_private(const char *path, GError **error)
{
  struct stat st;

  if (mkdir(path, 0700) != 0 && errno != EEXIST)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), path);
  if (lstat(path, &st) != 0)
    return kslurm_set_errno(error, errno, _("cannot look at the folder '%s'"), path);
  if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 0077) != 0) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED,
                _("'%s' is not a folder of yours alone; remove it, or make it yours with "
                  "'chmod 700'"),
                path);
    return FALSE;
  }
  return TRUE;
}
