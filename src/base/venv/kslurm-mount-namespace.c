/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "base/venv/kslurm-mount-private.h"

static gboolean
write_map(const char *path, const char *text)
{
  kslurm_autofd int fd = open(path, O_WRONLY | O_CLOEXEC);

  return fd >= 0 && kslurm_fd_write_all(fd, text, strlen(text));
}

/**
 * kslurm_mount_unshare: (skip)
 *
 * Gives this process, which must have one thread, a user namespace with the same user and
 * a mount namespace, and in them every capability.
 *
 * Returns: 0 when mounts made from now on are seen by this process and its children only,
 *   otherwise errno
 */
int
kslurm_mount_unshare(void)
{
  g_autofree char *user = g_strdup_printf("%1$u %1$u 1", (guint)geteuid());
  g_autofree char *group = g_strdup_printf("%1$u %1$u 1", (guint)getegid());
  gboolean done = unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
                  write_map("/proc/self/setgroups", "deny") &&
                  write_map("/proc/self/uid_map", user) &&
                  write_map("/proc/self/gid_map", group);

  /* not private: what an automounter brings to the node later is seen here too */
  done = done && mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) == 0;
  return done ? 0 : errno;
}

static gboolean
set_capabilities(const struct __user_cap_data_struct sets[2])
{
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};

  return syscall(SYS_capset, &header, sets) == 0;
}

/**
 * kslurm_mount_keep_capabilities: (skip)
 *
 * Lets the next program, which is not root's, keep what it needs to mount.
 *
 * Returns: whether it will
 */
gboolean
kslurm_mount_keep_capabilities(void)
{
  const guint32 mask = 1U << CAP_SYS_ADMIN;
  const struct __user_cap_data_struct sets[2] = {{mask, mask, mask}, {0, 0, 0}};

  return set_capabilities(sets) &&
         prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0) == 0;
}

/**
 * kslurm_mount_drop_capabilities: (skip)
 * @error: return location
 *
 * Gives up what the namespace brought, for good: the bounding set too, or root's programs
 * would get it all back.
 *
 * Returns: whether this process is an ordinary one again
 */
gboolean
kslurm_mount_drop_capabilities(GError **error)
{
  const struct __user_cap_data_struct sets[2] = {{0, 0, 0}, {0, 0, 0}};
  gboolean dropped = TRUE;

  for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
    dropped = prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0 && dropped;
  if (dropped && set_capabilities(sets))
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_WRONG_NODE,
              _("cannot give up the capabilities of the namespace (%s)"),
              g_strerror(errno));
  return FALSE;
}
