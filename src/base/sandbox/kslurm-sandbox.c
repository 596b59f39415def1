/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/sandbox/kslurm-sandbox-accounting.h"
#include "base/sandbox/kslurm-sandbox-daemon.h"
#include "base/sandbox/kslurm-sandbox-environment.h"
#include "base/sandbox/kslurm-sandbox-ready.h"
#include "base/sandbox/kslurm-sandbox-sweep.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error-private.h"

static gboolean
make_dir(const KslurmSandboxSpec *spec, GError **error)
{
  g_autofree char *runtime = kslurm_dirs_dup_runtime();
  g_autofree char *parent = g_path_get_dirname(spec->dir);

  if (g_str_equal(parent, runtime) && !kslurm_dirs_make_private(runtime, error))
    return FALSE;
  if (g_mkdir_with_parents(parent, 0700) != 0)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), parent);
  return kslurm_dirs_make_private(spec->dir, error);
}

/* two 'up' of one folder take turns; a folder that was removed while we waited is not it */
static int
lock_dir(const KslurmSandboxSpec *spec, GCancellable *cancellable, GError **error)
{
  for (;;) {
    kslurm_autofd int fd = -1;
    struct stat st;

    if (g_cancellable_set_error_if_cancelled(cancellable, error) || !make_dir(spec, error))
      return -1;
    fd = open(spec->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 &&
        st.st_nlink > 0)
      return kslurm_steal_fd(&fd);
    g_usleep(50000);
  }
}

static gboolean
check_empty(const KslurmSandboxSpec *spec, GError **error)
{
  g_autoptr(GDir) folder = g_dir_open(spec->dir, 0, error);

  if (folder == NULL)
    return FALSE;
  if (g_dir_read_name(folder) == NULL)
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
              _("'%s' holds other files; give an empty folder, or one that does not exist"),
              spec->dir);
  return FALSE;
}

/* what a sandbox left whose supervisor was killed */
static gboolean
clear_remains(const KslurmSandboxSpec *spec, GError **error)
{
  static const char *const ours[] = {"run", "log", "state", "spool", "scratch", "db"};
  g_autofree char *conf = kslurm_sandbox_spec_dup_path(spec, "sandbox.conf");

  if (!g_file_test(conf, G_FILE_TEST_EXISTS))
    return check_empty(spec, error);
  kslurm_sandbox_sweep_marked(spec, 5000);
  for (gsize i = 0; i < G_N_ELEMENTS(ours); i++) {
    g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, ours[i]);

    if (!kslurm_sandbox_sweep_files(path, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
spawn_supervisor(const KslurmSandboxSpec *spec, pid_t *pid, GError **error)
{
  const char *argv[] = {"kslurm", "sandbox", "supervise", "--dir", spec->dir, NULL};
  g_auto(GStrv) envp = kslurm_sandbox_environment_dup_daemon(spec);
  g_autofree char *run = kslurm_sandbox_spec_dup_path(spec, "run");
  g_autofree char *folder = kslurm_sandbox_spec_dup_path(spec, "log");
  g_autofree char *log = kslurm_sandbox_spec_dup_path(spec, "log/supervisor.log");
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  int code = 0;

  if (g_mkdir_with_parents(run, 0755) != 0 || g_mkdir_with_parents(folder, 0755) != 0)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), run);
  sigemptyset(&none);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  code = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, (char **)argv, envp);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0)
    return kslurm_set_errno(error, code, _("cannot start the sandbox's supervisor"));
  return kslurm_sandbox_daemon_set_pid(spec, "supervisor", *pid, error);
}

static gboolean
check_same(const KslurmSandboxSpec *spec, const KslurmSandboxSpec *old, GError **error)
{
  g_autofree char *wanted = kslurm_sandbox_spec_to_options(spec);
  g_autofree char *present = kslurm_sandbox_spec_to_options(old);

  if (g_str_equal(wanted, present))
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
              _("the sandbox in '%s' is up with '%s'; for another, end it first with "
                "'kslurm sandbox down --dir %s', or give another '--dir'"),
              spec->dir, present, spec->dir);
  return FALSE;
}

static GPtrArray *
restart_dead(const KslurmSandboxSpec *spec, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmSandboxSpec) old = kslurm_sandbox_spec_load(spec->dir, error);
  g_autoptr(GPtrArray) dead = NULL;

  if (old == NULL || !check_same(spec, old, error))
    return NULL;
  dead = kslurm_sandbox_spec_dup_daemons(old);
  for (guint i = dead->len; i > 0; i--) {
    if (kslurm_sandbox_daemon_get_pid(old, dead->pdata[i - 1]) != 0)
      g_ptr_array_remove_index(dead, i - 1);
  }
  if (dead->len > 0) {
    kill(kslurm_sandbox_daemon_get_pid(old, "supervisor"), SIGUSR1);
    if (!kslurm_sandbox_ready_wait(old, 0, cancellable, error))
      return NULL;
  }
  g_ptr_array_insert(dead, 0, g_strdup(""));
  return g_steal_pointer(&dead);
}

/**
 * kslurm_sandbox_is_up: (skip)
 * @spec: a sandbox
 *
 * Returns: whether its supervisor runs
 */
gboolean
kslurm_sandbox_is_up(const KslurmSandboxSpec *spec)
{
  return kslurm_sandbox_daemon_get_pid(spec, "supervisor") != 0;
}

/**
 * kslurm_sandbox_up: (skip)
 * @spec: what to start
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Starts a sandbox and waits until its nodes are idle. Of one that is already up those
 * daemons that died are started again; it is an error when it is not like @spec. When a
 * start fails or is cancelled, nothing is left.
 *
 * Returns: (transfer full) (nullable) (element-type utf8): empty when it was started; when
 *   it was up, an empty string and the names of the daemons that were started again
 */
GPtrArray *
kslurm_sandbox_up(const KslurmSandboxSpec *spec, GCancellable *cancellable, GError **error)
{
  kslurm_autofd int lock = -1;
  pid_t supervisor = 0;

  if (!kslurm_sandbox_daemon_check_installed(spec->accounting, error))
    return NULL;
  lock = lock_dir(spec, cancellable, error);
  if (lock < 0)
    return NULL;
  if (kslurm_sandbox_is_up(spec))
    return restart_dead(spec, cancellable, error);
  if (!clear_remains(spec, error))
    return NULL;
  if (!kslurm_sandbox_spec_save(spec, error) ||
      !spawn_supervisor(spec, &supervisor, error) ||
      !kslurm_sandbox_ready_wait(spec, supervisor, cancellable, error) ||
      (spec->accounting && !kslurm_sandbox_accounting_use(spec, cancellable, error))) {
    kslurm_sandbox_down(spec->dir, NULL);
    kslurm_sandbox_sweep_files(spec->dir, NULL);
    return NULL;
  }
  return g_ptr_array_new_with_free_func(g_free);
}

/**
 * kslurm_sandbox_down: (skip)
 * @dir: a sandbox's folder
 * @error: return location
 *
 * Ends a sandbox: returns when no process and no file of it is left.
 *
 * Returns: whether it is gone
 */
gboolean
kslurm_sandbox_down(const char *dir, GError **error)
{
  g_autoptr(KslurmSandboxSpec) spec = kslurm_sandbox_spec_load(dir, error);
  pid_t supervisor = 0;

  if (spec == NULL)
    return FALSE;
  supervisor = kslurm_sandbox_daemon_get_pid(spec, "supervisor");
  if (supervisor != 0)
    kill(supervisor, SIGTERM);
  for (int i = 0; i < 3000 && kslurm_sandbox_daemon_is_alive(supervisor); i++) {
    waitpid(supervisor, NULL, WNOHANG);
    g_usleep(5000);
  }
  if (!kslurm_sandbox_sweep_marked(spec, 10000)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_FAILED,
                _("processes of the sandbox in '%s' do not end; look for them with 'ps'"),
                dir);
    return FALSE;
  }
  return kslurm_sandbox_sweep_files(spec->dir, error);
}
