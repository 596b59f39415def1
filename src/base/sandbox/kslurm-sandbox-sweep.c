/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-sweep.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-error-private.h"

static pid_t
get_parent(pid_t pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
  g_autofree char *stat = NULL;
  const char *after = NULL;
  int parent = 0;

  /* the name in brackets may hold anything, brackets too */
  if (!g_file_get_contents(path, &stat, NULL, NULL) ||
      (after = strrchr(stat, ')')) == NULL || sscanf(after, ") %*c %d", &parent) != 1)
    return 0;
  return parent;
}

typedef gboolean (*Match)(pid_t pid, gconstpointer data);

static guint
kill_matching(Match match, gconstpointer data)
{
  g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
  const char *name = NULL;
  guint killed = 0;

  while (proc != NULL && (name = g_dir_read_name(proc)) != NULL) {
    pid_t pid = (pid_t)atoi(name);

    if (pid > 1 && match(pid, data) && kill(pid, SIGKILL) == 0)
      killed++;
  }
  return killed;
}

static gboolean
is_child(pid_t pid, gconstpointer data)
{
  return get_parent(pid) == getpid();
}

/**
 * kslurm_sandbox_sweep_children: (skip)
 * @timeout_ms: how long to try
 *
 * Kills and reaps every descendant of a child subreaper: the orphans of what it kills
 * become its children.
 */
void
kslurm_sandbox_sweep_children(int timeout_ms)
{
  gint64 deadline = g_get_monotonic_time() + timeout_ms * (gint64)1000;
  pid_t reaped = 0;

  while (reaped >= 0 && g_get_monotonic_time() < deadline) {
    kill_matching(is_child, NULL);
    while ((reaped = waitpid(-1, NULL, WNOHANG)) > 0)
      ;
    if (reaped == 0)
      g_usleep(2000);
  }
}

static gboolean
has_entry(const char *environment, gsize length, const char *entry, gboolean prefix)
{
  for (const char *p = environment; p < environment + length; p += strlen(p) + 1) {
    if (prefix ? g_str_has_prefix(p, entry) : g_str_equal(p, entry))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_ancestor(pid_t pid)
{
  pid_t ancestor = getpid();

  while (ancestor > 1 && ancestor != pid)
    ancestor = get_parent(ancestor);
  return ancestor == pid;
}

static char *
read_environment(pid_t pid, gsize *length)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/environ", (int)pid);
  char *environment = NULL;

  g_file_get_contents(path, &environment, length, NULL);
  return environment;
}

/**
 * kslurm_sandbox_sweep_is_ours: (skip)
 * @spec: a sandbox
 * @pid: a process
 *
 * Returns: whether the process is the sandbox's supervisor or one of its daemons
 */
gboolean
kslurm_sandbox_sweep_is_ours(const KslurmSandboxSpec *spec, pid_t pid)
{
  gsize length = 0;
  g_autofree char *environment = read_environment(pid, &length);
  g_autofree char *daemon = g_strdup_printf("KSLURM_SANDBOX_DAEMON=%s", spec->dir);

  return environment != NULL && has_entry(environment, length, daemon, FALSE);
}

/* slurmd gives it no environment but SLURM_CONF */
static gboolean
is_step_daemon(pid_t pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/comm", (int)pid);
  g_autofree char *name = NULL;

  return g_file_get_contents(path, &name, NULL, NULL) &&
         g_str_has_prefix(name, "slurmstepd");
}

static gboolean
is_job(const KslurmSandboxSpec *spec, pid_t pid)
{
  gsize length = 0;
  g_autofree char *environment = read_environment(pid, &length);
  g_autofree char *conf = g_strdup_printf("SLURM_CONF=%s/", spec->dir);

  return environment != NULL && has_entry(environment, length, conf, TRUE) &&
         (has_entry(environment, length, "SLURM_JOB_ID=", TRUE) || is_step_daemon(pid));
}

static gboolean
is_marked(pid_t pid, gconstpointer spec)
{
  return (kslurm_sandbox_sweep_is_ours(spec, pid) || is_job(spec, pid)) &&
         !is_ancestor(pid);
}

/**
 * kslurm_sandbox_sweep_marked: (skip)
 * @spec: a sandbox
 * @timeout_ms: how long to try
 *
 * Kills the daemons and job processes of a sandbox that lost its supervisor, by what their
 * environment says; never one that we run under.
 *
 * Returns: whether none is left
 */
gboolean
kslurm_sandbox_sweep_marked(const KslurmSandboxSpec *spec, int timeout_ms)
{
  gint64 deadline = g_get_monotonic_time() + timeout_ms * (gint64)1000;

  while (kill_matching(is_marked, spec) > 0) {
    if (g_get_monotonic_time() >= deadline)
      return FALSE;
    g_usleep(5000);
  }
  return TRUE;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw);

static int
remove_below(const char *path)
{
  return nftw(path, remove_entry, 32, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static gboolean
open_folder(const char *path)
{
  return chmod(path, 0700) == 0 && access(path, R_OK | W_OK | X_OK) == 0;
}

/* a job may leave folders that it closed to itself, and so to us */
static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
  g_autofree char *parent = g_path_get_dirname(path);

  if (type == FTW_DNR || type == FTW_NS)
    return open_folder(type == FTW_DNR ? path : parent) ? remove_below(path) : -1;
  if (remove(path) == 0 || errno == ENOENT)
    return 0;
  return errno == EACCES && open_folder(parent) ? remove(path) : -1;
}

/**
 * kslurm_sandbox_sweep_files: (skip)
 * @dir: a sandbox's folder
 * @error: return location
 *
 * Returns: whether the folder is gone
 */
gboolean
kslurm_sandbox_sweep_files(const char *dir, GError **error)
{
  if (remove_below(dir) != 0 && errno != ENOENT)
    return kslurm_set_errno(error, errno, _("cannot remove '%s'"), dir);
  return TRUE;
}
