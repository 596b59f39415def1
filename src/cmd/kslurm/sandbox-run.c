/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "base/sandbox/kslurm-sandbox-environment.h"
#include "base/sandbox/kslurm-sandbox.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-process.h"
#include "cmd/kslurm/sandbox.h"

char **
kslurm_sandbox_dup_user_environment(const KslurmSandboxSpec *spec)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : NULL;
  g_autofree char *path = NULL;
  char **envp = kslurm_sandbox_environment_dup_user(spec);

  path = g_strdup_printf("%s:%s", folder != NULL ? folder : "/usr/bin",
                         g_getenv("PATH") != NULL ? g_getenv("PATH") : "/usr/bin:/bin");
  envp = g_environ_setenv(envp, "PATH", path, TRUE);
  envp = g_environ_setenv(envp, "KSLURM_SANDBOX", spec->dir, TRUE);
  return envp;
}

int
kslurm_run_sandbox_shell(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmSandboxSpec) spec =
      kslurm_sandbox_spec_new(kslurm_call_get(call, "dir"), error);
  const char *shell = g_getenv("SHELL");
  const char *argv[] = {shell != NULL ? shell : "/bin/sh", NULL};
  g_auto(GStrv) envp = NULL;

  if (spec == NULL)
    return 1;
  if (!kslurm_sandbox_is_up(spec)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("no sandbox is up in '%s'; start it with 'kslurm sandbox up'"),
                spec->dir);
    return 1;
  }
  envp = kslurm_sandbox_dup_user_environment(spec);
  kslurm_call_print_notes(call);
  kslurm_process_exec(argv, (const char *const *)envp, error);
  return 1;
}

static gboolean
make_fresh_dir(KslurmSandboxSpec *spec, GError **error)
{
  g_autofree char *runtime = kslurm_dirs_dup_runtime();

  if (!kslurm_dirs_make_private(runtime, error))
    return FALSE;
  g_free(spec->dir);
  spec->dir = g_build_filename(runtime, "run-XXXXXX", NULL);
  if (g_mkdtemp(spec->dir) == NULL)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), spec->dir);
  return TRUE;
}

static gboolean
pass_terminate(gpointer data)
{
  kill(*(pid_t *)data, SIGTERM);
  return G_SOURCE_CONTINUE;
}

static gboolean
pass_hangup(gpointer data)
{
  kill(*(pid_t *)data, SIGHUP);
  return G_SOURCE_CONTINUE;
}

/* Ctrl-C reaches the command from the terminal, which it shares with us; other signals
 * come to us alone */
static int
wait_for_command(pid_t pid)
{
  guint terminate = g_unix_signal_add(SIGTERM, pass_terminate, &pid);
  guint hangup = g_unix_signal_add(SIGHUP, pass_hangup, &pid);
  int wait_status = 0;

  while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
    ;
  g_source_remove(terminate);
  g_source_remove(hangup);
  return kslurm_process_exit_status(wait_status);
}

static int
run_command(const KslurmSandboxSpec *spec, const char *const *argv, GError **error)
{
  g_auto(GStrv) envp = kslurm_sandbox_dup_user_environment(spec);
  posix_spawnattr_t attributes;
  sigset_t none, defaults;
  pid_t pid = 0;
  int code = 0;

  sigemptyset(&none);
  sigfillset(&defaults);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  code = posix_spawnp(&pid, argv[0], NULL, &attributes, (char **)argv, envp);
  posix_spawnattr_destroy(&attributes);
  if (code == 0)
    return wait_for_command(pid);
  kslurm_set_errno(error, code, _("cannot run '%s'"), argv[0]);
  return 1;
}

int
kslurm_run_sandbox_run(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmSandboxSpec) spec = kslurm_sandbox_spec_new(NULL, error);
  g_autoptr(GPtrArray) restarted = NULL;
  int status = 0;

  if (spec == NULL || !kslurm_sandbox_read_shape(call, spec, error) ||
      !make_fresh_dir(spec, error))
    return 1;
  spec->owner = getpid();
  restarted = kslurm_sandbox_up(spec, cancellable, error);
  if (restarted == NULL) {
    g_rmdir(spec->dir);
    return 1;
  }
  status = run_command(spec, kslurm_call_get_rest(call), error);
  kslurm_sandbox_down(spec->dir, NULL);
  return status;
}
