/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-partial.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-partial-private.h"
#include "base/util/kslurm-process.h"

#define PREFIX ".kslurm-"
#define SUFFIX ".partial"
#define FORGOTTEN_S (24 * 60 * 60)

struct _KslurmPartial {
  char *path, *name;
  int folder, fd;
};

/**
 * kslurm_partial_dup_owner: (skip)
 *
 * A pid means something to the kernel of its host, in its namespace.
 *
 * Returns: (transfer full): what the name of a partial file says before the pid
 */
char *
kslurm_partial_dup_owner(void)
{
  struct utsname host = {0};
  struct stat st = {0};

  uname(&host);
  stat("/proc/self/ns/pid", &st);
  return g_strdup_printf("%s-%" G_GUINT64_FORMAT "-", host.nodename, (guint64)st.st_ino);
}

static char *
dup_name(void)
{
  g_autofree char *owner = kslurm_partial_dup_owner();

  return g_strdup_printf(PREFIX "%s%d-%08x%08x" SUFFIX, owner, (int)getpid(),
                         g_random_int(), g_random_int());
}

static gboolean
is_owner_dead(const char *name, const char *owner)
{
  int pid = 0;

  return g_str_has_prefix(name, owner) && sscanf(name + strlen(owner), "%d-", &pid) == 1 &&
         pid > 0 && kslurm_process_is_gone(pid);
}

/**
 * kslurm_partial_is_left: (skip)
 * @folder: a folder
 * @name: of a partial file in it
 * @lead: how long the begin of @name is that every such file has
 * @owner: what kslurm_partial_dup_owner() gave
 * @now: what the file server takes for the time
 *
 * Returns: whether its owner was killed, or cannot be asked for and has long forgotten it
 */
gboolean
kslurm_partial_is_left(
    int folder, const char *name, gsize lead, const char *owner, gint64 now)
{
  struct stat st;

  return is_owner_dead(name + lead, owner) ||
         (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
          st.st_mtim.tv_sec < now - FORGOTTEN_S);
}

static void
sweep(KslurmPartial *partial)
{
  g_autofree char *owner = kslurm_partial_dup_owner();
  int copy = openat(partial->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = copy >= 0 ? fdopendir(copy) : NULL;
  const struct dirent *entry = NULL;
  struct stat now = {0};

  /* times are the file server's, so now is when it says that our own file was made */
  fstat(partial->fd, &now);
  while (folder != NULL && (entry = readdir(folder)) != NULL) {
    const char *name = entry->d_name;

    if (g_str_has_prefix(name, PREFIX) && g_str_has_suffix(name, SUFFIX) &&
        strcmp(name, partial->name) != 0 &&
        kslurm_partial_is_left(partial->folder, name, strlen(PREFIX), owner,
                               now.st_mtim.tv_sec))
      unlinkat(partial->folder, name, 0);
  }
  if (folder != NULL)
    closedir(folder);
}

/**
 * kslurm_partial_new: (skip)
 * @path: of the file that is to be
 * @mode: its mode, before the umask
 * @error: return location
 *
 * Makes an empty file beside @path, of the group that the folder gives, and removes those
 * that a killed process left there.
 *
 * Returns: (transfer full) (nullable): the file, which vanishes unless it is published;
 * %NULL with @error set
 */
KslurmPartial *
kslurm_partial_new(const char *path, int mode, GError **error)
{
  g_autoptr(KslurmPartial) partial = g_new0(KslurmPartial, 1);
  g_autofree char *folder = g_path_get_dirname(path);

  partial->path = g_strdup(path);
  partial->fd = -1;
  partial->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (partial->folder >= 0) {
    g_autofree char *name = dup_name();

    partial->fd =
        openat(partial->folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (partial->fd >= 0)
      partial->name = g_steal_pointer(&name);
  }
  if (partial->fd < 0) {
    kslurm_set_errno(error, errno, _("cannot write beside '%s'"), path);
    return NULL;
  }
  sweep(partial);
  return g_steal_pointer(&partial);
}

/**
 * kslurm_partial_get_fd: (skip)
 * @partial: a file
 *
 * Returns: its descriptor, for reading and writing
 */
int
kslurm_partial_get_fd(KslurmPartial *partial)
{
  return partial->fd;
}

/**
 * kslurm_partial_set_exists: (skip)
 * @error: return location
 * @path: what is there
 *
 * Returns: %FALSE, so that a caller can return it
 */
gboolean
kslurm_partial_set_exists(GError **error, const char *path)
{
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS, _("'%s' exists already"), path);
  return FALSE;
}

/* a lost answer makes a network disk try again, which then finds its own first try */
static gboolean
is_linked(KslurmPartial *partial)
{
  struct stat st;

  return fstat(partial->fd, &st) == 0 && st.st_nlink == 2;
}

/* gives errno */
static int
link_target(KslurmPartial *partial, const char *target)
{
  int saved_errno = 0;

  if (linkat(partial->folder, partial->name, partial->folder, target, 0) == 0)
    return 0;
  saved_errno = errno;
  if (saved_errno == EEXIST)
    return is_linked(partial) ? 0 : EEXIST;
  /* some disks have no hard links */
  if (renameat2(partial->folder, partial->name, partial->folder, target,
                RENAME_NOREPLACE) != 0)
    return errno == EEXIST ? EEXIST : saved_errno;
  g_clear_pointer(&partial->name, g_free);
  return 0;
}

/* gives errno */
static int
replace_target(KslurmPartial *partial, const char *target)
{
  if (renameat(partial->folder, partial->name, partial->folder, target) != 0)
    return errno;
  g_clear_pointer(&partial->name, g_free);
  return 0;
}

/**
 * kslurm_partial_publish: (skip)
 * @partial: a file that is whole
 * @replace: whether it takes the place of another
 * @error: return location
 *
 * Syncs the file and gives it its name, at once: nobody ever sees a part of it, and without
 * @replace what has the name keeps it.
 *
 * Returns: whether the file has its name
 */
gboolean
kslurm_partial_publish(KslurmPartial *partial, gboolean replace, GError **error)
{
  g_autofree char *target = g_path_get_basename(partial->path);
  int saved_errno = 0;

  if (fsync(partial->fd) != 0)
    return kslurm_set_errno(error, errno, _("cannot write '%s'"), partial->path);
  saved_errno = replace ? replace_target(partial, target) : link_target(partial, target);
  if (saved_errno == EEXIST)
    return kslurm_partial_set_exists(error, partial->path);
  if (saved_errno != 0)
    return kslurm_set_errno(error, saved_errno, _("cannot write '%s'"), partial->path);
  if (partial->name != NULL)
    unlinkat(partial->folder, partial->name, 0);
  g_clear_pointer(&partial->name, g_free);
  fsync(partial->folder);
  return TRUE;
}

/**
 * kslurm_partial_free: (skip)
 * @partial: (transfer full): a file, which is removed when it has not been published
 */
void
kslurm_partial_free(KslurmPartial *partial)
{
  if (partial->name != NULL)
    unlinkat(partial->folder, partial->name, 0);
  kslurm_autofd_clear(&partial->fd);
  kslurm_autofd_clear(&partial->folder);
  g_free(partial->name);
  g_free(partial->path);
  g_free(partial);
}
