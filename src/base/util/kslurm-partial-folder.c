/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-partial-private.h"
#include "base/util/kslurm-partial.h"
#include "base/util/kslurm-tree.h"

static void
sweep(const char *parent, const char *lead, const char *owner, const char *ours)
{
  g_autoptr(GDir) folder = g_dir_open(parent, 0, NULL);
  const char *name = NULL;
  struct stat now = {0};

  g_stat(ours, &now);
  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *path = g_build_filename(parent, name, NULL);

    if (g_str_has_prefix(name, lead) && !g_str_equal(path, ours) &&
        kslurm_partial_is_left(AT_FDCWD, path, strlen(path) - strlen(name) + strlen(lead),
                               owner, now.st_mtim.tv_sec))
      kslurm_tree_remove(path, NULL);
  }
}

/**
 * kslurm_partial_make_folder: (skip)
 * @path: of the folder that is to be; the one that it is in exists
 * @error: return location
 *
 * Makes an empty folder of the user's alone beside @path, to be filled and renamed, and
 * removes those that a killed process left there.
 *
 * Returns: (transfer full) (nullable): the folder, or %NULL with @error set
 */
char *
kslurm_partial_make_folder(const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname(path);
  g_autofree char *base = g_path_get_basename(path);
  g_autofree char *lead = g_strconcat(base, ".partial-", NULL);
  g_autofree char *owner = kslurm_partial_dup_owner();
  g_autofree char *file =
      g_strdup_printf("%s%s%d-%08x", lead, owner, (int)getpid(), g_random_int());
  g_autofree char *made = g_build_filename(parent, file, NULL);

  if (g_mkdir(made, 0700) != 0) {
    kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), made);
    return NULL;
  }
  sweep(parent, lead, owner, made);
  return g_steal_pointer(&made);
}
