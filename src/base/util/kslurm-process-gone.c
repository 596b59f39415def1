/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/util/kslurm-process.h"

/* from the parent to the niceness */
#define SKIPPED " %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"

/* it has ended, and its parent has not asked how; while other threads of it still end, it
 * has its files and their locks */
static gboolean
is_zombie(int pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;
  const char *rest = NULL;
  char state = 0;
  int threads = 0;

  /* 'PID (NAME) STATE …', and the name may hold anything */
  if (g_file_get_contents(path, &stat, NULL, NULL))
    rest = strrchr(stat, ')');
  return rest != NULL && sscanf(rest, ") %c" SKIPPED " %d", &state, &threads) == 2 &&
         (state == 'Z' || state == 'X') && threads <= 1;
}

/**
 * kslurm_process_is_gone: (skip)
 * @pid: a process of this machine and pid namespace
 *
 * Returns: whether it does nothing any more
 */
gboolean
kslurm_process_is_gone(int pid)
{
  return (kill(pid, 0) != 0 && errno == ESRCH) || is_zombie(pid);
}
