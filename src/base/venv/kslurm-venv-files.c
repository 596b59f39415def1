/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define MAX_DEPTH 256

static gboolean list_folder(int parent,
                            const char *last,
                            const char *name,
                            guint depth,
                            GPtrArray *names,
                            GError **error);

static gboolean
add_entry(DIR *folder,
          const char *last,
          const char *above,
          guint depth,
          GPtrArray *names,
          GError **error)
{
  g_autofree char *name = g_strconcat(above, above[0] != '\0' ? "/" : "", last, NULL);
  struct stat st;

  if (fstatat(dirfd(folder), last, &st, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT || kslurm_set_errno(error, errno, _("cannot read '%s'"), name);
  if (S_ISDIR(st.st_mode))
    return list_folder(dirfd(folder), last, name, depth + 1, names, error);
  if (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode))
    g_ptr_array_add(names, g_steal_pointer(&name));
  return TRUE;
}

static gboolean
list_folder(int parent,
            const char *last,
            const char *name,
            guint depth,
            GPtrArray *names,
            GError **error)
{
  int fd = depth > MAX_DEPTH ? -1 : openat(parent, last, FOLDER_FLAGS);
  DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
  struct dirent *entry = NULL;
  gboolean done = TRUE;

  if (folder == NULL)
    return kslurm_set_errno(error, depth > MAX_DEPTH ? ENAMETOOLONG : errno,
                            _("cannot read '%s'"), name);
  while (done && (errno = 0, entry = readdir(folder)) != NULL)
    if (!g_str_equal(entry->d_name, ".") && !g_str_equal(entry->d_name, ".."))
      done = add_entry(folder, entry->d_name, name, depth, names, error);
  if (done && errno != 0)
    done = kslurm_set_errno(error, errno, _("cannot read '%s'"), name);
  closedir(folder);
  return done;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/**
 * kslurm_venv_files_list: (skip)
 * @root: an open folder
 * @error: return location
 *
 * Lists the files and symlinks below @root. Symlinks are not followed.
 *
 * Returns: (transfer full) (nullable) (element-type filename): names relative to @root,
 *   sorted, or %NULL with @error set
 */
GPtrArray *
kslurm_venv_files_list(int root, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

  if (!list_folder(root, ".", "", 0, names, error))
    return NULL;
  g_ptr_array_sort(names, compare_names);
  return g_steal_pointer(&names);
}

/**
 * kslurm_venv_files_get_last: (skip)
 * @name: a relative name
 *
 * Returns: the part of @name after its last '/'
 */
const char *
kslurm_venv_files_get_last(const char *name)
{
  const char *slash = strrchr(name, '/');

  return slash != NULL ? slash + 1 : name;
}

static gboolean
check_name(const char *name, char **parts, GError **error)
{
  g_autofree char *clean = NULL;
  gboolean good = name[0] != '\0';

  for (gsize i = 0; parts[i] != NULL; i++)
    good = good && parts[i][0] != '\0' && !g_str_equal(parts[i], ".") &&
           !g_str_equal(parts[i], "..");
  if (good)
    return TRUE;
  clean = kslurm_text_clean(name);
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
              _("'%s' is not the name of a file in an environment"), clean);
  return FALSE;
}

/**
 * kslurm_venv_files_open_parent: (skip)
 * @root: an open folder
 * @name: a name relative to @root, from anywhere
 * @error: return location
 *
 * Opens the folder that @name is in, one part after the other, so that no symlink leads
 * out of @root.
 *
 * Returns: a descriptor, or -1 with @error set
 */
int
kslurm_venv_files_open_parent(int root, const char *name, GError **error)
{
  g_auto(GStrv) parts = g_strsplit(name, "/", -1);
  kslurm_autofd int fd = -1;

  if (!check_name(name, parts, error))
    return -1;
  fd = openat(root, ".", FOLDER_FLAGS);
  for (gsize i = 0; fd >= 0 && parts[i + 1] != NULL; i++) {
    int next = openat(fd, parts[i], FOLDER_FLAGS);
    int saved = errno;

    kslurm_autofd_clear(&fd);
    fd = next;
    errno = saved;
  }
  if (fd < 0)
    kslurm_set_errno(error, errno, _("cannot open the folder of '%s'"), name);
  return kslurm_steal_fd(&fd);
}
