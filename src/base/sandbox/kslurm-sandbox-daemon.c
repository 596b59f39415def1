/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

#include "base/sandbox/kslurm-sandbox-environment.h"
#include "base/sandbox/kslurm-sandbox-files.h"
#include "base/sandbox/kslurm-sandbox-sweep.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

/**
 * kslurm_sandbox_daemon_find: (skip)
 * @program: a program's name
 *
 * Looks in the folders for daemons too, which an ordinary user's PATH does not have.
 *
 * Returns: (transfer full) (nullable): its path
 */
char *
kslurm_sandbox_daemon_find(const char *program)
{
  static const char *const folders[] = {"/usr/sbin", "/sbin", "/usr/local/sbin",
                                        "/usr/libexec"};
  g_autofree char *found = g_find_program_in_path(program);

  for (gsize i = 0; found == NULL && i < G_N_ELEMENTS(folders); i++) {
    found = g_build_filename(folders[i], program, NULL);
    if (!g_file_test(found, G_FILE_TEST_IS_EXECUTABLE))
      g_clear_pointer(&found, g_free);
  }
  return g_steal_pointer(&found);
}

static char **
dup_munged_argv(const KslurmSandboxSpec *spec)
{
  g_autofree char *line =
      g_strdup_printf("munged -F --force --num-threads=2 --key-file=%1$s/munge.key "
                      "--socket=%1$s/run/munge.sock --pid-file=%1$s/run/munged.pid "
                      "--log-file=%1$s/log/munged.log --seed-file=%1$s/run/munge.seed",
                      spec->dir);

  return g_strsplit(line, " ", -1);
}

static char **
dup_mariadbd_argv(const KslurmSandboxSpec *spec)
{
  g_autofree char *line = g_strdup_printf(
      "mariadbd --no-defaults --skip-networking --skip-grant-tables --datadir=%1$s/db "
      "--socket=%1$s/run/mysql.sock --pid-file=%1$s/run/mariadbd.pid "
      "--innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=0",
      spec->dir);
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  GPtrArray *argv = g_ptr_array_new();

  for (gsize i = 0; words[i] != NULL; i++)
    g_ptr_array_add(argv, g_strdup(words[i]));
  /* mariadbd refuses to be root unless it is told so */
  if (geteuid() == 0)
    g_ptr_array_add(argv, g_strdup("--user=root"));
  g_ptr_array_add(argv, NULL);
  return (char **)g_ptr_array_free(argv, FALSE);
}

static char *
dup_slurmd_line(const KslurmSandboxSpec *spec, const char *name)
{
  g_autofree char *own = kslurm_sandbox_spec_dup_path(spec, KSLURM_SANDBOX_NODE_CONF);
  g_autofree char *common = kslurm_sandbox_spec_dup_path(spec, "slurm.conf");

  return g_strdup_printf("slurmd -D -N %s -f %s", name,
                         g_file_test(own, G_FILE_TEST_EXISTS) ? own : common);
}

static char **
dup_argv(const KslurmSandboxSpec *spec, const char *name)
{
  g_autofree char *line = NULL;

  if (g_str_equal(name, "munged"))
    return dup_munged_argv(spec);
  if (g_str_equal(name, "mariadbd"))
    return dup_mariadbd_argv(spec);
  if (g_str_equal(name, "slurmdbd"))
    line = g_strdup("slurmdbd -D");
  else if (g_str_equal(name, "slurmctld"))
    line = g_strdup_printf("slurmctld -D -f %s/slurm.conf", spec->dir);
  else
    line = dup_slurmd_line(spec, name);
  return g_strsplit(line, " ", -1);
}

static int
spawn(const char *path, char **argv, char **envp, const char *log, pid_t *pid)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, defaults;
  int code = 0;

  sigemptyset(&none);
  sigfillset(&defaults);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSIGDEF);
  code = posix_spawn(pid, path, &actions, &attributes, argv, envp);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

/**
 * kslurm_sandbox_daemon_start: (skip)
 * @spec: a sandbox whose files are written
 * @name: a daemon's name
 * @pid: (out): its process
 * @error: return location
 *
 * Starts a daemon in the foreground, as a child of the caller.
 *
 * Returns: whether it was started
 */
gboolean
kslurm_sandbox_daemon_start(const KslurmSandboxSpec *spec,
                            const char *name,
                            pid_t *pid,
                            GError **error)
{
  g_auto(GStrv) argv = dup_argv(spec, name);
  g_auto(GStrv) envp = kslurm_sandbox_environment_dup_daemon(spec);
  g_autofree char *path = kslurm_sandbox_daemon_find(argv[0]);
  g_autofree char *log = g_strdup_printf("%s/log/%s.out", spec->dir, name);
  int code = path != NULL ? spawn(path, argv, envp, log, pid) : ENOENT;

  if (code != 0)
    return kslurm_set_errno(error, code, _("cannot run '%s'"), argv[0]);
  return kslurm_sandbox_daemon_set_pid(spec, name, *pid, error);
}

/**
 * kslurm_sandbox_daemon_set_pid: (skip)
 * @spec: a sandbox
 * @name: a daemon's name, or 'supervisor'
 * @pid: its process, or 0 when it ended
 * @error: (nullable): return location
 *
 * Returns: whether it was noted
 */
gboolean
kslurm_sandbox_daemon_set_pid(const KslurmSandboxSpec *spec,
                              const char *name,
                              pid_t pid,
                              GError **error)
{
  g_autofree char *path = g_strdup_printf("%s/run/%s.pid", spec->dir, name);
  g_autofree char *text = g_strdup_printf("%d\n", (int)pid);

  if (pid == 0) {
    g_unlink(path);
    return TRUE;
  }
  return g_file_set_contents(path, text, -1, error);
}

/**
 * kslurm_sandbox_daemon_is_alive: (skip)
 * @pid: a process
 *
 * Returns: whether it runs; one that only waits to be reaped does not
 */
gboolean
kslurm_sandbox_daemon_is_alive(pid_t pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
  g_autofree char *stat = NULL;
  const char *after = NULL;

  if (pid <= 1 || !g_file_get_contents(path, &stat, NULL, NULL))
    return FALSE;
  after = strrchr(stat, ')');
  return after != NULL && !g_str_has_prefix(after, ") Z");
}

/**
 * kslurm_sandbox_daemon_get_pid: (skip)
 * @spec: a sandbox
 * @name: a daemon's name, or 'supervisor'
 *
 * Returns: its process, or 0 when it does not run
 */
pid_t
kslurm_sandbox_daemon_get_pid(const KslurmSandboxSpec *spec, const char *name)
{
  g_autofree char *path = g_strdup_printf("%s/run/%s.pid", spec->dir, name);
  g_autofree char *text = NULL;
  pid_t pid = 0;

  if (!g_file_get_contents(path, &text, NULL, NULL))
    return 0;
  pid = (pid_t)atoi(text);
  if (!kslurm_sandbox_daemon_is_alive(pid))
    return 0;
  /* the file may be older than the machine's last start, and the number somebody else's */
  return !g_str_equal(name, "supervisor") || kslurm_sandbox_sweep_is_ours(spec, pid) ? pid
                                                                                     : 0;
}

/**
 * kslurm_sandbox_daemon_check_installed: (skip)
 * @accounting: whether accounting is wanted
 * @error: return location
 *
 * Returns: whether every program is there; otherwise @error says how to install them
 */
gboolean
kslurm_sandbox_daemon_check_installed(gboolean accounting, GError **error)
{
  static const char *const programs[] = {"munged",   "slurmctld", "slurmd",  "sinfo",
                                         "slurmdbd", "mariadbd",  "sacctmgr"};
  gboolean debian = g_file_test("/etc/debian_version", G_FILE_TEST_EXISTS);
  gsize n = accounting ? G_N_ELEMENTS(programs) : 4;
  const char *command = NULL;

  if (accounting)
    command = debian ? "sudo apt-get install slurm-wlm munge slurmdbd "
                       "slurm-wlm-mysql-plugin mariadb-server-core"
                     : "sudo dnf install slurm slurm-slurmctld slurm-slurmd munge "
                       "slurm-slurmdbd mariadb-server";
  else
    command = debian ? "sudo apt-get install slurm-wlm munge"
                     : "sudo dnf install slurm slurm-slurmctld slurm-slurmd munge";
  for (gsize i = 0; i < n; i++) {
    g_autofree char *found = kslurm_sandbox_daemon_find(programs[i]);

    if (found == NULL) {
      g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                  _("'%s' is not installed; install it with '%s'"), programs[i], command);
      return FALSE;
    }
  }
  return TRUE;
}
