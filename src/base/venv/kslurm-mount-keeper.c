/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/venv/kslurm-mount-private.h"

#define POLL_MS 200

/* Three processes: the owner, which becomes the command, so that terminal, signals and
 * status are the command's own; squashfuse; and a keeper between them, which ends
 * squashfuse with the owner. squashfuse is no child of the owner: a program that waits for
 * all of its children would wait for ever */

typedef struct {
  pid_t owner;
  int owner_fd;
  int report;
  const char *const *argv;
} Keeper;

/* from Linux 5.3 on; without it the keeper looks from time to time */
static int
open_process(pid_t pid)
{
#ifdef SYS_pidfd_open
  return (int)syscall(SYS_pidfd_open, pid, 0);
#else
  return -1;
#endif
}

/* squashfuse must outlast Ctrl-C and a job's first signal, which are for the command: it
 * handles only what is not ignored */
static void
ignore_signals(void)
{
  const int ignored[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
                         SIGPIPE, SIGTSTP, SIGUSR1, SIGUSR2};
  sigset_t none;

  for (gsize i = 0; i < G_N_ELEMENTS(ignored); i++)
    signal(ignored[i], SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* who reads what the command writes waits until every copy of its descriptors is closed */
static void
close_others(const Keeper *keeper)
{
  kslurm_autofd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  g_autoptr(GArray) open_fds = g_array_new(FALSE, FALSE, sizeof(int));
  g_autoptr(GDir) folder = g_dir_open("/proc/self/fd", 0, NULL);
  const char *name = NULL;

  for (int fd = 0; fd < 3; fd++)
    dup2(null, fd);
  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    int fd = (int)g_ascii_strtoll(name, NULL, 10);

    if (fd > 2 && fd != null && fd != keeper->owner_fd && fd != keeper->report)
      g_array_append_val(open_fds, fd);
  }
  g_clear_pointer(&folder, g_dir_close);
  for (guint i = 0; i < open_fds->len; i++)
    close(g_array_index(open_fds, int, i));
}

static void
become_squashfuse(const Keeper *keeper, pid_t parent, int words)
{
  dup2(words, STDOUT_FILENO);
  dup2(words, STDERR_FILENO);
  kslurm_mount_keep_capabilities();
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() == parent)
    execv(keeper->argv[0], (char *const *)keeper->argv);
  _exit(127);
}

static gboolean
owner_is_gone(const Keeper *keeper, const struct pollfd *fd)
{
  return fd->revents != 0 || (keeper->owner_fd < 0 && kill(keeper->owner, 0) != 0);
}

/* passes squashfuse's words on until it ends, or until it is needed no more */
static void
attend(const Keeper *keeper, int words)
{
  struct pollfd fds[] = {{keeper->owner_fd, POLLIN, 0}, {words, POLLIN, 0}};
  char buffer[1024];

  while (!owner_is_gone(keeper, &fds[0])) {
    gssize got = 0;

    fds[1].revents = 0;
    poll(fds, G_N_ELEMENTS(fds), keeper->owner_fd < 0 ? POLL_MS : -1);
    if (fds[1].revents == 0)
      continue;
    got = read(words, buffer, sizeof buffer);
    if (got == 0)
      return;
    if (got > 0)
      kslurm_fd_write_all(keeper->report, buffer, (gsize)got);
  }
}

static void
keep(const Keeper *keeper)
{
  pid_t self = getpid(), squashfuse = 0;
  int words[2] = {-1, -1};

  ignore_signals();
  close_others(keeper);
  if (pipe2(words, O_CLOEXEC) != 0)
    return;
  squashfuse = fork();
  if (squashfuse == 0)
    become_squashfuse(keeper, self, words[1]);
  close(words[1]);
  if (squashfuse < 0)
    return;
  attend(keeper, words[0]);
  kill(squashfuse, SIGKILL);
  waitpid(squashfuse, NULL, 0);
}

/**
 * kslurm_mount_start_keeper: (skip)
 * @program: where squashfuse is
 * @image: the image
 * @folder: where it is mounted
 * @error: return location
 *
 * Starts squashfuse, which lives as long as this process, whatever that becomes and
 * however it ends. Nothing of it is a child of this process.
 *
 * Returns: a pipe that gives what squashfuse says and ends with it, or -1 with @error set
 */
int
kslurm_mount_start_keeper(const char *program,
                          const char *image,
                          const char *folder,
                          GError **error)
{
  const char *argv[] = {program, "-f", "-o", "ro,nodev,nosuid", image, folder, NULL};
  kslurm_autofd int owner_fd = open_process(getpid());
  Keeper keeper = {getpid(), owner_fd, -1, argv};
  int report[2] = {-1, -1};
  pid_t between = 0;

  /* neither waits for the other: the words of a program that failed are all there */
  if (pipe2(report, O_CLOEXEC | O_NONBLOCK) != 0 || (between = fork()) < 0) {
    kslurm_set_errno(error, errno, _("cannot run '%s'"), program);
    return -1;
  }
  if (between == 0) {
    keeper.report = report[1];
    setsid();
    if (fork() == 0)
      keep(&keeper);
    _exit(0);
  }
  close(report[1]);
  while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
    ;
  return report[0];
}
