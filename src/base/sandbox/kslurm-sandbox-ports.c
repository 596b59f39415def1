/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-ports.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

/* the socket stays bound while we live and never listens: the kernel gives its port to
 * nobody else, and a daemon that sets SO_REUSEADDR can still bind it */
static int
reserve(guint *port)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t length = sizeof address;
  kslurm_autofd int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int on = 1;

  address.sin_addr.s_addr = htonl(INADDR_ANY);
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &length) != 0)
    return -1;
  *port = ntohs(address.sin_port);
  return kslurm_steal_fd(&fd);
}

/**
 * kslurm_sandbox_ports_reserve: (skip)
 * @n: how many
 * @error: return location
 *
 * Chooses free ports and keeps them for this process and its daemons until it ends.
 *
 * Returns: (transfer full) (element-type guint) (nullable): the ports
 */
GArray *
kslurm_sandbox_ports_reserve(guint n, GError **error)
{
  g_autoptr(GArray) ports = g_array_new(FALSE, FALSE, sizeof(guint));

  for (guint i = 0; i < n; i++) {
    guint port = 0;

    if (reserve(&port) < 0) {
      kslurm_set_errno(error, errno, _("cannot reserve a port"));
      return NULL;
    }
    g_array_append_val(ports, port);
  }
  return g_steal_pointer(&ports);
}

/**
 * kslurm_sandbox_ports_answers: (skip)
 * @port: a port on the loopback
 *
 * Returns: whether something listens there
 */
gboolean
kslurm_sandbox_ports_answers(guint port)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((guint16)port)};
  kslurm_autofd int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
}
