/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/image/kslurm-image-store-private.h"
#include "base/util/kslurm-error-private.h"

#define MAX_DEPTH 64
#define MAX_HOPS 8
#define MAX_TRIES 50

static char *
dup_relative(const char *name, const char *target)
{
  GString *text = g_string_new(NULL);

  for (const char *p = name; *p != '\0'; p++)
    if (*p == '/')
      g_string_append(text, "../");
  g_string_append(text, target);
  return g_string_free(text, FALSE);
}

static gboolean
try_link(const char *path, const char *temporary, const char *text)
{
  g_autofree char *parent = g_path_get_dirname(path);

  if (g_mkdir_with_parents(parent, 0777) != 0)
    return FALSE;
  if (symlink(text, temporary) != 0) {
    /* of somebody who died, or is as far as we are and tries again */
    if (errno == EEXIST)
      g_unlink(temporary);
    return FALSE;
  }
  return g_rename(temporary, path) == 0;
}

/**
 * kslurm_image_store_put_link: (skip)
 * @store: a store
 * @name: the link's path inside the store
 * @target: what it points to, inside the store
 * @error: return location
 *
 * Makes the link or moves it, at one moment. The name that it has before is always the
 * same, so that nothing is left over when a process dies and another one repeats its work.
 *
 * Returns: whether the link is there
 */
gboolean
kslurm_image_store_put_link(const KslurmImageStore *store,
                            const char *name,
                            const char *target,
                            GError **error)
{
  g_autofree char *path = kslurm_image_store_dup_path(store, name);
  g_autofree char *parent = g_path_get_dirname(path);
  g_autofree char *temporary = g_strdup_printf("%s/.link-%08x", parent, g_str_hash(name));
  g_autofree char *text = dup_relative(name, target);
  g_autofree char *old = g_file_read_link(path, NULL);

  if (g_strcmp0(old, text) == 0)
    return TRUE;
  for (int i = 0; i < MAX_TRIES; i++) {
    if (try_link(path, temporary, text))
      return TRUE;
    if (errno != EEXIST && errno != ENOENT)
      break;
  }
  return kslurm_set_errno(error, errno, _("cannot make the link '%s'"), path);
}

/* the older kslurm's links are absolute, and stay so when a pipdir was moved or copied */
static char *
dup_inside(const KslurmImageStore *store, const char *absolute)
{
  const char *mark = "/containers/";
  gsize length = strlen(store->path);
  const char *found = NULL;

  if (g_str_has_prefix(absolute, store->path) && absolute[length] == '/')
    return g_strdup(absolute + length + 1);
  found = g_strrstr(absolute, mark);
  return found != NULL ? g_strdup(found + strlen(mark)) : NULL;
}

/**
 * kslurm_image_store_read_link: (skip)
 * @store: a store
 * @name: the link's path inside the store
 *
 * Returns: (transfer full) (nullable): what it points to inside the store, or %NULL when it
 *   is no link, or points elsewhere
 */
char *
kslurm_image_store_read_link(const KslurmImageStore *store, const char *name)
{
  g_autofree char *path = kslurm_image_store_dup_path(store, name);
  g_autofree char *text = g_file_read_link(path, NULL);
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *absolute = NULL;

  if (text == NULL)
    return NULL;
  absolute = g_canonicalize_filename(text, folder);
  return dup_inside(store, absolute);
}

/**
 * kslurm_image_store_follow: (skip)
 * @store: a store
 * @name: a path inside the store
 * @st: (out) (optional): the state of what was found
 *
 * Follows links inside the store, however old.
 *
 * Returns: (transfer full) (nullable): the path of the file at their end, or %NULL when
 *   there is none
 */
char *
kslurm_image_store_follow(const KslurmImageStore *store, const char *name, struct stat *st)
{
  g_autofree char *current = g_strdup(name);
  struct stat state;

  for (int i = 0; i < MAX_HOPS; i++) {
    g_autofree char *path = kslurm_image_store_dup_path(store, current);
    char *next = NULL;

    if (lstat(path, &state) != 0)
      return NULL;
    if (S_ISREG(state.st_mode)) {
      if (st != NULL)
        *st = state;
      return g_steal_pointer(&current);
    }
    next = kslurm_image_store_read_link(store, current);
    if (next == NULL)
      return NULL;
    g_free(current);
    current = next;
  }
  return NULL;
}

static void
walk(const KslurmImageStore *store,
     const char *folder,
     int depth,
     KslurmImageVisit visit,
     gpointer data)
{
  g_autofree char *path = kslurm_image_store_dup_path(store, folder);
  DIR *dir = opendir(path);
  struct dirent *entry = NULL;

  while (dir != NULL && (entry = readdir(dir)) != NULL) {
    g_autofree char *name = NULL;
    unsigned char type = entry->d_type;

    if (entry->d_name[0] == '.')
      continue;
    name = g_strconcat(folder, "/", entry->d_name, NULL);
    if (type == DT_UNKNOWN) {
      g_autofree char *child = kslurm_image_store_dup_path(store, name);
      struct stat st;

      type = lstat(child, &st) == 0 ? IFTODT(st.st_mode) : DT_UNKNOWN;
    }
    if (type == DT_DIR && depth < MAX_DEPTH)
      walk(store, name, depth + 1, visit, data);
    else if ((type == DT_LNK || type == DT_REG) && !visit(name, type == DT_LNK, data))
      break;
  }
  if (dir != NULL)
    closedir(dir);
}

/**
 * kslurm_image_store_walk: (skip)
 * @store: a store
 * @folder: a folder of it
 * @visit: called with the path of each file and link inside the store; %FALSE leaves the
 *   folder
 * @data: for @visit
 *
 * Looks through a folder and those below it, by their entries alone where the file system
 * tells what they are.
 */
void
kslurm_image_store_walk(const KslurmImageStore *store,
                        const char *folder,
                        KslurmImageVisit visit,
                        gpointer data)
{
  walk(store, folder, 0, visit, data);
}
