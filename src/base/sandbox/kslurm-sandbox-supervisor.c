/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-supervisor.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox/kslurm-sandbox-daemon.h"
#include "base/sandbox/kslurm-sandbox-files.h"
#include "base/sandbox/kslurm-sandbox-ports.h"
#include "base/sandbox/kslurm-sandbox-sweep.h"
#include "base/util/kslurm-error.h"

typedef struct {
  KslurmSandboxSpec *spec;
  GPtrArray *names;
  GArray *pids; /* 0: not running */
  sigset_t signals;
} Supervisor;

static void
reap_daemons(Supervisor *self)
{
  pid_t pid = 0;

  while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
    for (guint i = 0; i < self->names->len; i++) {
      if (g_array_index(self->pids, pid_t, i) == pid) {
        g_array_index(self->pids, pid_t, i) = 0;
        kslurm_sandbox_daemon_set_pid(self->spec, self->names->pdata[i], 0, NULL);
      }
    }
  }
}

/* FALSE when it ended, or was told to end, first */
static gboolean
wait_for_socket(Supervisor *self, const char *name, GError **error)
{
  g_autofree char *path = kslurm_sandbox_spec_dup_path(self->spec, name);
  struct timespec pause = {0, 10 * 1000 * 1000};

  for (int i = 0; i < 1000 && !g_file_test(path, G_FILE_TEST_EXISTS); i++) {
    if (sigtimedwait(&self->signals, NULL, &pause) == SIGTERM) {
      g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("cancelled"));
      return FALSE;
    }
  }
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, _("'%s' did not appear"), path);
  return FALSE;
}

static gboolean
start_daemon(Supervisor *self, guint i, GError **error)
{
  const char *name = self->names->pdata[i];
  pid_t pid = 0;

  if (!kslurm_sandbox_daemon_start(self->spec, name, &pid, error))
    return FALSE;
  g_array_index(self->pids, pid_t, i) = pid;
  if (g_str_equal(name, "munged"))
    return wait_for_socket(self, "run/munge.sock", error);
  return TRUE;
}

static gboolean
start_daemons(Supervisor *self, GError **error)
{
  for (guint i = 0; i < self->names->len; i++) {
    if (g_array_index(self->pids, pid_t, i) == 0 && !start_daemon(self, i, error))
      return FALSE;
  }
  return TRUE;
}

static void
serve(Supervisor *self)
{
  for (;;) {
    int number = sigwaitinfo(&self->signals, NULL);

    reap_daemons(self);
    if (number == SIGTERM)
      return;
    if (number == SIGUSR1) {
      g_autoptr(GError) error = NULL;

      if (!start_daemons(self, &error))
        g_printerr("%s\n", error->message);
    }
  }
}

static void
supervisor_clear(Supervisor *self)
{
  kslurm_sandbox_sweep_children(10000);
  g_clear_pointer(&self->names, g_ptr_array_unref);
  g_clear_pointer(&self->pids, g_array_unref);
  g_clear_pointer(&self->spec, kslurm_sandbox_spec_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Supervisor, supervisor_clear)

static void
become_supervisor(Supervisor *self)
{
  sigemptyset(&self->signals);
  sigaddset(&self->signals, SIGTERM);
  sigaddset(&self->signals, SIGUSR1);
  sigaddset(&self->signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &self->signals, NULL);
  signal(SIGHUP, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, "kslurm-sandbox");
}

/**
 * kslurm_sandbox_supervise: (skip)
 * @dir: a sandbox's folder, which holds its saved spec
 * @error: return location
 *
 * Is the parent of a sandbox's daemons: keeps its ports, starts them, and waits. SIGUSR1
 * starts again those that died; SIGTERM ends everything and removes the folder.
 *
 * Returns: 0, or 1 with @error set when a daemon could not be started
 */
int
kslurm_sandbox_supervise(const char *dir, GError **error)
{
  g_auto(Supervisor) self = {0};
  g_autoptr(GArray) ports = NULL;

  become_supervisor(&self);
  self.spec = kslurm_sandbox_spec_load(dir, error);
  if (self.spec == NULL)
    return 1;
  self.names = kslurm_sandbox_spec_dup_daemons(self.spec);
  self.pids = g_array_new(FALSE, TRUE, sizeof(pid_t));
  g_array_set_size(self.pids, self.names->len);
  ports = kslurm_sandbox_ports_reserve(self.spec->nodes + 2, error);
  if (ports == NULL ||
      !kslurm_sandbox_files_write(self.spec, (guint *)(gpointer)ports->data, error) ||
      !start_daemons(&self, error))
    return 1;
  serve(&self);
  kslurm_sandbox_sweep_children(10000);
  return kslurm_sandbox_sweep_files(dir, error) ? 0 : 1;
}
