/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-supervisor.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox/kslurm-sandbox-accounting.h"
#include "base/sandbox/kslurm-sandbox-daemon.h"
#include "base/sandbox/kslurm-sandbox-files.h"
#include "base/sandbox/kslurm-sandbox-host.h"
#include "base/sandbox/kslurm-sandbox-ports.h"
#include "base/sandbox/kslurm-sandbox-sweep.h"
#include "base/util/kslurm-error.h"

#define LAST_DESCRIPTOR 4096

typedef struct {
  KslurmSandboxSpec *spec;
  GPtrArray *names;
  GArray *pids; /* 0: not running */
  GArray *ports;
  sigset_t signals;
  gboolean prepared; /* everything ran once */
} Supervisor;

static guint
get_port(Supervisor *self, guint i)
{
  return g_array_index(self->ports, guint, i);
}

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

static gboolean
is_socket_ready(Supervisor *self, const char *name)
{
  g_autofree char *path =
      g_strdup_printf("%s/run/%s", self->spec->dir,
                      g_str_equal(name, "munged") ? "munge.sock" : "mysql.sock");

  if (g_str_equal(name, "slurmctld"))
    return kslurm_sandbox_ports_answers(get_port(self, 0));
  if (g_str_equal(name, "slurmdbd"))
    return kslurm_sandbox_ports_answers(get_port(self, self->spec->nodes + 1));
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* FALSE when the sandbox was told to end first */
static gboolean
wait_for_daemon(Supervisor *self, guint which, GError **error)
{
  const char *name = self->names->pdata[which];
  struct timespec pause = {0, 10 * 1000 * 1000};

  for (int i = 0; i < 1500 && !is_socket_ready(self, name); i++) {
    if (sigtimedwait(&self->signals, NULL, &pause) == SIGTERM) {
      g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("cancelled"));
      return FALSE;
    }
    reap_daemons(self);
    if (g_array_index(self->pids, pid_t, which) == 0)
      break;
  }
  if (g_array_index(self->pids, pid_t, which) != 0 && is_socket_ready(self, name))
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, _("'%s' does not answer"), name);
  return FALSE;
}

static gboolean
start_daemon(Supervisor *self, guint i, GError **error)
{
  static const char *const waited[] = {"munged", "mariadbd", "slurmdbd", NULL};
  const char *name = self->names->pdata[i];
  pid_t pid = 0;

  if (g_str_equal(name, "mariadbd") && !self->prepared &&
      !kslurm_sandbox_accounting_prepare(self->spec, get_port(self, self->spec->nodes + 1),
                                         error))
    return FALSE;
  if (!kslurm_sandbox_daemon_start(self->spec, name, &pid, error))
    return FALSE;
  g_array_index(self->pids, pid_t, i) = pid;
  if (g_strv_contains(waited, name) && !wait_for_daemon(self, i, error))
    return FALSE;
  if (g_str_equal(name, "slurmdbd") && !self->prepared)
    return kslurm_sandbox_accounting_load(self->spec, error);
  return TRUE;
}

static gboolean
start_daemons(Supervisor *self, GError **error)
{
  for (guint i = 0; i < self->names->len; i++) {
    if (g_array_index(self->pids, pid_t, i) == 0 && !start_daemon(self, i, error))
      return FALSE;
  }
  self->prepared = TRUE;
  return TRUE;
}

/* a new controller waits for seconds until it asks the nodes that it knows; on a hangup
 * they report by themselves */
static gboolean
restart_daemons(Supervisor *self, GError **error)
{
  g_autoptr(GArray) before = g_array_copy(self->pids);
  guint controller = self->names->len - self->spec->nodes - 1;

  if (!start_daemons(self, error))
    return FALSE;
  if (g_array_index(before, pid_t, controller) != 0)
    return TRUE;
  if (!wait_for_daemon(self, controller, error))
    return FALSE;
  for (guint i = controller + 1; i < before->len; i++) {
    pid_t pid = g_array_index(before, pid_t, i);

    if (pid != 0 && pid == g_array_index(self->pids, pid_t, i))
      kill(pid, SIGHUP);
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

      if (!restart_daemons(self, &error))
        g_printerr("%s\n", error->message);
      if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    }
  }
}

static void
supervisor_clear(Supervisor *self)
{
  kslurm_sandbox_sweep_children(10000);
  g_clear_pointer(&self->names, g_ptr_array_unref);
  g_clear_pointer(&self->pids, g_array_unref);
  g_clear_pointer(&self->ports, g_array_unref);
  g_clear_pointer(&self->spec, kslurm_sandbox_spec_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Supervisor, supervisor_clear)

/* the shell that typed 'up' may have a lock or the end of a pipe open, which is not to last
 * as long as the sandbox */
static void
leave_caller(void)
{
  for (int fd = STDERR_FILENO + 1; fd < LAST_DESCRIPTOR; fd++)
    close(fd);
  if (chdir("/") != 0)
    g_printerr("/: %s\n", g_strerror(errno));
}

static void
become_supervisor(Supervisor *self)
{
  leave_caller();
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

/* the owner may have died before we could ask to hear of it */
static gboolean
follow_owner(const Supervisor *self, GError **error)
{
  if (self->spec->owner == 0)
    return TRUE;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() == self->spec->owner)
    return TRUE;
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("cancelled"));
  return FALSE;
}

static gboolean
start(Supervisor *self, GError **error)
{
  gboolean renamed = FALSE;

  /* in this order: a new user namespace makes the kernel forget whom we follow */
  if (!kslurm_sandbox_host_settle(&renamed, error) || !follow_owner(self, error))
    return FALSE;
  self->names = kslurm_sandbox_spec_dup_daemons(self->spec);
  self->pids = g_array_new(FALSE, TRUE, sizeof(pid_t));
  g_array_set_size(self->pids, self->names->len);
  self->ports = kslurm_sandbox_ports_reserve(self->spec->nodes + 2, error);
  return self->ports != NULL &&
         kslurm_sandbox_files_write(self->spec, &g_array_index(self->ports, guint, 0),
                                    renamed, error) &&
         start_daemons(self, error);
}

/**
 * kslurm_sandbox_supervise: (skip)
 * @dir: a sandbox's folder, which holds its saved spec
 * @error: return location
 *
 * Is the parent of a sandbox's daemons: keeps its ports, starts them, and waits. SIGUSR1
 * starts again those that died; SIGTERM, and the end of the sandbox's owner, ends
 * everything and removes the folder.
 *
 * Returns: 0, or 1 with @error set when a daemon could not be started
 */
int
kslurm_sandbox_supervise(const char *dir, GError **error)
{
  g_auto(Supervisor) self = {0};
  g_autoptr(GError) failure = NULL;

  become_supervisor(&self);
  self.spec = kslurm_sandbox_spec_load(dir, error);
  if (self.spec == NULL)
    return 1;
  if (start(&self, &failure)) {
    serve(&self);
  } else if (!g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return 1;
  }
  kslurm_sandbox_sweep_children(10000);
  return kslurm_sandbox_sweep_files(dir, error) ? 0 : 1;
}
