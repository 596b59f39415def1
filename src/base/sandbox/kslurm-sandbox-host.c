/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"

static char *
dup_full_name(void)
{
  char name[HOST_NAME_MAX + 1] = "";

  /* not g_get_host_name(), which remembers the name from before it was changed */
  gethostname(name, sizeof name - 1);
  return g_strdup(name);
}

/**
 * kslurm_sandbox_host_dup_name: (skip)
 *
 * Returns: (transfer full): the short name of this machine, as Slurm's daemons see it
 */
char *
kslurm_sandbox_host_dup_name(void)
{
  g_autofree char *name = dup_full_name();

  return g_strndup(name, strcspn(name, "."));
}

/* with NoInAddrAny Slurm listens where the machine's name leads: on Debian 127.0.1.1, where
 * nothing that answers to 127.0.0.1 is heard, and elsewhere a network */
static gboolean
leads_to_loopback(void)
{
  g_autofree char *name = dup_full_name();
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  char text[INET_ADDRSTRLEN] = "";

  if (getaddrinfo(name, NULL, &hints, &found) != 0)
    return FALSE;
  inet_ntop(AF_INET, &((struct sockaddr_in *)(void *)found->ai_addr)->sin_addr, text,
            sizeof text);
  freeaddrinfo(found);
  return g_str_equal(text, KSLURM_SANDBOX_ADDRESS);
}

static gboolean
write_map(const char *path, const char *text)
{
  kslurm_autofd int fd = open(path, O_WRONLY | O_CLOEXEC);

  return fd >= 0 && kslurm_fd_write_all(fd, text, strlen(text));
}

/* who is not root may change a host name only in a user namespace of his own */
static gboolean
unshare_name(void)
{
  g_autofree char *user = g_strdup_printf("%1$u %1$u 1", (guint)geteuid());
  g_autofree char *group = g_strdup_printf("%1$u %1$u 1", (guint)getegid());

  if (unshare(CLONE_NEWUTS) == 0)
    return TRUE;
  return unshare(CLONE_NEWUSER | CLONE_NEWUTS) == 0 &&
         write_map("/proc/self/setgroups", "deny") &&
         write_map("/proc/self/uid_map", user) && write_map("/proc/self/gid_map", group);
}

/**
 * kslurm_sandbox_host_settle: (skip)
 * @renamed: (out): whether the machine's own name is another
 * @error: return location
 *
 * Where the machine's name does not lead to 127.0.0.1, gives this process and its children
 * the name 'localhost'. Only for a process that has no threads yet.
 *
 * Returns: whether the daemons of this process can listen on the loopback
 */
gboolean
kslurm_sandbox_host_settle(gboolean *renamed, GError **error)
{
  static const char loopback[] = "localhost";
  g_autofree char *name = kslurm_sandbox_host_dup_name();

  *renamed = !leads_to_loopback();
  if (!*renamed || (unshare_name() && sethostname(loopback, strlen(loopback)) == 0 &&
                    leads_to_loopback()))
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_WRONG_NODE,
              _("the name '%s' of this machine does not lead to 127.0.0.1; a line "
                "'127.0.0.1 %s' in /etc/hosts helps"),
              name, name);
  return FALSE;
}
