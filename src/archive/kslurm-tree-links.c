/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-links.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "archive/kslurm-tree-name.h"
#include "base/util/kslurm-error-private.h"

/* hard links, which can be made only when the threads have written the files */
struct _KslurmTreeLinks {
  GPtrArray *paths;
  GPtrArray *targets;
};

static const char *
get_last(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash != NULL ? slash + 1 : path;
}

static gboolean
set_failed(GError **error, int saved_errno, const char *path)
{
  if (saved_errno != EEXIST)
    return kslurm_set_errno(error, saved_errno, _("cannot make the link '%s'"), path);
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
              _("it holds two members of the name '%s'"), path);
  return FALSE;
}

/**
 * kslurm_tree_links_make_symlink: (skip)
 * @folder: where to
 * @path: its clean name in the tree, whose last part is made in @folder
 * @target: what it holds, which is only data and leads where it likes
 * @time: when it was last modified
 * @error: return location
 *
 * Makes a symlink.
 *
 * Returns: whether it is there
 */
gboolean
kslurm_tree_links_make_symlink(KslurmTreeFolder *folder,
                               const char *path,
                               const char *target,
                               struct timespec time,
                               GError **error)
{
  struct timespec times[2] = {time, time};
  const char *name = get_last(path);

  if (symlinkat(target, folder->fd, name) != 0 ||
      utimensat(folder->fd, name, times, AT_SYMLINK_NOFOLLOW) != 0)
    return set_failed(error, errno, path);
  return TRUE;
}

/**
 * kslurm_tree_links_new: (skip)
 *
 * Makes an empty list of hard links.
 *
 * Returns: (transfer full): the list
 */
KslurmTreeLinks *
kslurm_tree_links_new(void)
{
  KslurmTreeLinks *links = g_new0(KslurmTreeLinks, 1);

  links->paths = g_ptr_array_new_with_free_func(g_free);
  links->targets = g_ptr_array_new_with_free_func(g_free);
  return links;
}

/**
 * kslurm_tree_links_add: (skip)
 * @links: the hard links so far
 * @path: the clean name of a member
 * @target: the member that it links to, as the archive spells it
 * @error: return location
 *
 * Notes a hard link.
 *
 * Returns: whether its target is a name inside the tree
 */
gboolean
kslurm_tree_links_add(KslurmTreeLinks *links,
                      const char *path,
                      const char *target,
                      GError **error)
{
  g_autoptr(GError) failure = NULL;
  char *clean = kslurm_tree_name_clean(target, &failure);

  if (clean == NULL || *clean == '\0') {
    g_free(clean);
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                        _("it is a hard link to no file of the archive"));
    return FALSE;
  }
  g_ptr_array_add(links->paths, g_strdup(path));
  g_ptr_array_add(links->targets, clean);
  return TRUE;
}

static gboolean
make_link(KslurmTreeFolders *folders, const char *path, const char *target, GError **error)
{
  g_autoptr(KslurmTreeFolder) to = kslurm_tree_folders_open_parent(folders, path, error);
  g_autoptr(KslurmTreeFolder) from = NULL;
  struct stat st;

  if (to == NULL)
    return FALSE;
  from = kslurm_tree_folders_open_parent(folders, target, NULL);
  if (from == NULL || fstatat(from->fd, get_last(target), &st, AT_SYMLINK_NOFOLLOW) != 0 ||
      !(S_ISREG(st.st_mode) || S_ISLNK(st.st_mode))) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                _("'%s' is a hard link to no file of the archive"), path);
    return FALSE;
  }
  if (linkat(from->fd, get_last(target), to->fd, get_last(path), 0) != 0)
    return set_failed(error, errno, path);
  return TRUE;
}

/**
 * kslurm_tree_links_finish: (skip)
 * @links: all hard links
 * @folders: the folders of a tree whose files are written
 * @error: return location
 *
 * Makes the links, in the order of the archive.
 *
 * Returns: whether all are there
 */
gboolean
kslurm_tree_links_finish(KslurmTreeLinks *links, KslurmTreeFolders *folders, GError **error)
{
  for (guint i = 0; i < links->paths->len; i++)
    if (!make_link(folders, links->paths->pdata[i], links->targets->pdata[i], error))
      return FALSE;
  return TRUE;
}

/**
 * kslurm_tree_links_free: (skip)
 * @links: (transfer full): hard links
 *
 * Forgets them.
 */
void
kslurm_tree_links_free(KslurmTreeLinks *links)
{
  g_ptr_array_unref(links->paths);
  g_ptr_array_unref(links->targets);
  g_free(links);
}
