/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <unistd.h>

/* g_autofd is GLib 2.76, newer than our floor */
static inline void
kslurm_autofd_clear(int *fd)
{
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

static inline int
kslurm_steal_fd(int *fd)
{
  int stolen = *fd;

  *fd = -1;
  return stolen;
}

#define kslurm_autofd __attribute__((cleanup(kslurm_autofd_clear)))
