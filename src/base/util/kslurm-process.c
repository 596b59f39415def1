/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-process-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"

/* GSubprocess can only put a child into a group of its own through a fork, and its worker
 * thread costs more than the whole of our share of a submission */

typedef struct {
  pid_t pid;
  int output;
  int errors;
} Child;

static void
child_clear(Child *child)
{
  kslurm_autofd_clear(&child->output);
  kslurm_autofd_clear(&child->errors);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Child, child_clear)

/* a file rather than a pipe: it can be reopened as /dev/stdin, and nothing blocks on it */
static int
open_input(GBytes *input, GError **error)
{
  kslurm_autofd int fd = -1;
  gsize length = 0;
  const char *data = NULL;

  if (input == NULL) {
    fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return kslurm_steal_fd(&fd);
  }
  data = g_bytes_get_data(input, &length);
  fd = memfd_create("kslurm-input", MFD_CLOEXEC);
  if (fd < 0 || !kslurm_fd_write_all(fd, data, length) || lseek(fd, 0, SEEK_SET) != 0) {
    kslurm_set_errno(error, errno, _("cannot prepare a program's input"));
    return -1;
  }
  return kslurm_steal_fd(&fd);
}

static int
spawn(const KslurmProcessSpec *spec, int input, int output, int errors, pid_t *pid)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, defaults;
  char **envp = spec->envp != NULL ? (char **)spec->envp : environ;
  int code = 0;

  sigemptyset(&none);
  sigfillset(&defaults);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSIGDEF);
  code = posix_spawnp(pid, spec->argv[0], &actions, &attributes, (char **)spec->argv, envp);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

static gboolean
child_start(Child *child, const KslurmProcessSpec *spec, GError **error)
{
  int output[2] = {-1, -1}, errors[2] = {-1, -1};
  kslurm_autofd int input = open_input(spec->input, error);
  kslurm_autofd int write_output = -1;
  kslurm_autofd int write_errors = -1;
  int code = 0;

  if (input < 0)
    return FALSE;
  if (pipe2(output, O_CLOEXEC) == 0) {
    child->output = output[0];
    write_output = output[1];
  }
  if (pipe2(errors, O_CLOEXEC) == 0) {
    child->errors = errors[0];
    write_errors = errors[1];
  }
  if (write_output < 0 || write_errors < 0)
    return kslurm_set_errno(error, errno, _("cannot run '%s'"), spec->argv[0]);
  code = spawn(spec, input, write_output, write_errors, &child->pid);
  if (code != 0)
    kslurm_process_set_spawn_error(spec->argv[0], code, error);
  return code == 0;
}

static void
read_some(int *fd, GString *into)
{
  char buffer[8192];
  gssize got = read(*fd, buffer, sizeof buffer);

  if (got > 0)
    g_string_append_len(into, buffer, got);
  else if (got == 0 || errno != EINTR)
    kslurm_autofd_clear(fd);
}

static int
remaining_ms(gint64 deadline)
{
  gint64 left = deadline - g_get_monotonic_time();

  if (deadline == 0)
    return -1;
  return left <= 0 ? 0 : (int)(left / 1000) + 1;
}

typedef enum { ENDED, CANCELLED, TIMED_OUT } Outcome;

/* a program may close its pipes and go on; a kernel without pidfd just waits for it */
static Outcome
wait_for_end(const Child *child, int cancel_fd, gint64 deadline)
{
  kslurm_autofd int pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
  struct pollfd fds[] = {{pidfd, POLLIN, 0}, {cancel_fd, POLLIN, 0}};
  int ready = 0;

  if (pidfd < 0)
    return ENDED;
  do
    ready = poll(fds, G_N_ELEMENTS(fds), remaining_ms(deadline));
  while (ready < 0);
  if (ready == 0)
    return TIMED_OUT;
  return fds[0].revents == 0 ? CANCELLED : ENDED;
}

/* gives ENDED when the program has ended, and both pipes are closed */
static Outcome
collect(Child *child, int cancel_fd, gint64 deadline, GString *output, GString *errors)
{
  while (child->output >= 0 || child->errors >= 0) {
    struct pollfd fds[] = {
        {child->output, POLLIN, 0}, {child->errors, POLLIN, 0}, {cancel_fd, POLLIN, 0}};
    int ready = poll(fds, G_N_ELEMENTS(fds), remaining_ms(deadline));

    if (ready == 0)
      return TIMED_OUT;
    if (ready < 0)
      continue;
    if (fds[2].revents != 0)
      return CANCELLED;
    if (fds[0].revents != 0)
      read_some(&child->output, output);
    if (fds[1].revents != 0)
      read_some(&child->errors, errors);
  }
  return wait_for_end(child, cancel_fd, deadline);
}

static int
reap(pid_t pid)
{
  int wait_status = 0;

  while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
    ;
  return kslurm_process_exit_status(wait_status);
}

static void
set_outcome_error(const KslurmProcessSpec *spec, Outcome outcome, GError **error)
{
  if (outcome == CANCELLED)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("cancelled"));
  else
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                _("'%s' gave no answer within %d s"), spec->argv[0],
                (spec->timeout_ms + 999) / 1000);
}

/**
 * kslurm_process_run: (skip)
 * @spec: what to run
 * @cancellable: (nullable): kills the process, unless it is kept
 * @error: return location
 *
 * Runs a program to its end. A status that is not zero is no error here.
 *
 * Returns: (transfer full) (nullable): what it gave, or %NULL when it could not be run,
 *   was cancelled, or took too long
 */
KslurmProcessResult *
kslurm_process_run(const KslurmProcessSpec *spec, GCancellable *cancellable, GError **error)
{
  g_auto(Child) child = {0, -1, -1};
  g_autoptr(KslurmProcessResult) result = g_new0(KslurmProcessResult, 1);
  g_autoptr(GString) output = g_string_new(NULL);
  g_autoptr(GString) errors = g_string_new(NULL);
  gint64 deadline = spec->timeout_ms > 0 && !spec->keep
                        ? g_get_monotonic_time() + spec->timeout_ms * (gint64)1000
                        : 0;
  int cancel_fd = -1;
  gboolean started = FALSE;
  Outcome outcome = ENDED;

  started = child_start(&child, spec, error);
  if (spec->started != NULL)
    spec->started(spec->data);
  if (!started)
    return NULL;
  if (cancellable != NULL)
    cancel_fd = g_cancellable_get_fd(cancellable);
  outcome = collect(&child, cancel_fd, deadline, output, errors);
  if (outcome == CANCELLED && spec->keep) {
    result->cancelled = TRUE;
    if (spec->waiting != NULL)
      spec->waiting(output->str, spec->data);
    outcome = collect(&child, -1, 0, output, errors);
  }
  if (cancel_fd >= 0)
    g_cancellable_release_fd(cancellable);
  if (outcome != ENDED)
    kill(-child.pid, SIGKILL);
  result->status = reap(child.pid);
  if (outcome != ENDED) {
    set_outcome_error(spec, outcome, error);
    return NULL;
  }
  result->output = g_string_free(g_steal_pointer(&output), FALSE);
  result->errors = g_string_free(g_steal_pointer(&errors), FALSE);
  return g_steal_pointer(&result);
}

/**
 * kslurm_process_result_free: (skip)
 * @result: (transfer full): a result
 */
void
kslurm_process_result_free(KslurmProcessResult *result)
{
  g_free(result->output);
  g_free(result->errors);
  g_free(result);
}
