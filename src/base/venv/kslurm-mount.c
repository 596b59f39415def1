/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-mount.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-process.h"
#include "base/venv/kslurm-mount-private.h"
#include "base/venv/kslurm-self-locate.h"

#define DEVICE "/dev/fuse"

/* a mount in the node's own namespace outlives its job, the epilog cannot remove the job's
 * scratch, and the node is drained: so it is made in a namespace that ends with us */

/* the one with the low-level interface lets the kernel remember names: imports take two
 * thirds of the time */
static char *
find_squashfuse(GError **error)
{
  char *program = g_find_program_in_path("squashfuse_ll");

  if (program == NULL)
    program = g_find_program_in_path("squashfuse");
  if (program == NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("'squashfuse' is not on the PATH of this node"));
  return program;
}

static gboolean
check_device(GError **error)
{
  kslurm_autofd int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

  if (fd >= 0)
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_WRONG_NODE,
              _("this node has no FUSE for users ('%s': %s)"), DEVICE, g_strerror(errno));
  return FALSE;
}

static gboolean
set_namespace_error(int code, GError **error)
{
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_WRONG_NODE,
              _("this node lets users make no namespaces (%s)"), g_strerror(code));
  return FALSE;
}

/* in a child, because there is no way back out of a namespace, and no way in for a process
 * with threads */
static gboolean
check_namespaces(GError **error)
{
  pid_t child = fork();
  int wait_status = 0;

  if (child < 0)
    return set_namespace_error(errno, error);
  if (child == 0)
    _exit(kslurm_mount_unshare());
  while (waitpid(child, &wait_status, 0) < 0 && errno == EINTR)
    ;
  return wait_status == 0 ||
         set_namespace_error(kslurm_process_exit_status(wait_status), error);
}

static void
add_remedy(GError **error, const char *name)
{
  g_autofree char *message = NULL;

  if (error == NULL)
    return;
  /* TRANSLATORS: first what is missing for a mount, then what to do instead */
  message = g_strdup_printf(_("%s; unpack the environment instead, with 'kpy load %s'"),
                            (*error)->message, name);
  g_free((*error)->message);
  (*error)->message = g_steal_pointer(&message);
}

/**
 * kslurm_mount_check: (skip)
 * @name: the environment's, for the message
 * @error: return location
 *
 * Tries what kslurm_mount_enter() needs, before an image is built for nothing.
 *
 * Returns: whether this node lets users mount
 */
gboolean
kslurm_mount_check(const char *name, GError **error)
{
  g_autofree char *program = find_squashfuse(error);

  if (program != NULL && check_device(error) && check_namespaces(error))
    return TRUE;
  add_remedy(error, name);
  return FALSE;
}

static gboolean
set_squashfuse_error(const char *image, int report, GError **error)
{
  char words[512] = "";
  gssize got = read(report, words, sizeof words - 1);

  words[MAX(got, 0)] = '\0';
  g_strdelimit(g_strstrip(words), "\r\n\033", ' ');
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM,
              _("squashfuse cannot mount '%s': %s"), image,
              *words != '\0' ? words : _("it said nothing"));
  return FALSE;
}

typedef struct {
  const char *image;
  const char *folder;
  int table;
  dev_t before;
} Mounting;

/* the kernel tells of every change of our mounts; the first look into the new one waits
 * until squashfuse answers */
static gboolean
wait_until_mounted(const Mounting *mounting, int report, GError **error)
{
  struct pollfd fds[] = {{mounting->table, POLLPRI, 0}, {report, 0, 0}};
  struct stat now = {.st_dev = mounting->before};

  while (now.st_dev == mounting->before) {
    if (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
      continue;
    if (fds[1].revents != 0 || stat(mounting->folder, &now) != 0)
      return set_squashfuse_error(mounting->image, report, error);
  }
  return TRUE;
}

static gboolean
mount_image(const char *program, const char *image, const char *folder, GError **error)
{
  kslurm_autofd int table = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  kslurm_autofd int report = -1;
  struct stat st;
  Mounting mounting = {image, folder, table, 0};

  if (table < 0 || stat(folder, &st) != 0)
    return kslurm_set_errno(error, errno, _("cannot mount at '%s'"), folder);
  mounting.before = st.st_dev;
  report = kslurm_mount_start_keeper(program, image, folder, error);
  return report >= 0 && wait_until_mounted(&mounting, report, error);
}

/**
 * kslurm_mount_enter: (skip)
 * @image: a squashfs image
 * @folder: an existing folder
 * @error: return location
 *
 * Mounts @image at @folder, where only this process and its children see it. The mount
 * ends with this process, whatever that becomes and however it ends. Only for a process
 * with one thread.
 *
 * Returns: whether the environment is there
 */
gboolean
kslurm_mount_enter(const char *image, const char *folder, GError **error)
{
  g_autofree char *program = find_squashfuse(error);
  int code = 0;

  if (program == NULL || !check_device(error))
    return FALSE;
  code = kslurm_mount_unshare();
  if (code != 0)
    return set_namespace_error(code, error);
  return mount_image(program, image, folder, error) &&
         kslurm_mount_drop_capabilities(error);
}

/**
 * kslurm_mount_exec: (skip)
 * @folder: where the environment is mounted
 * @argv: the command
 * @envp: its environment
 * @error: return location
 *
 * Becomes the command, so that terminal, signals and status are its own.
 *
 * Returns: %FALSE with @error set; on success it does not return
 */
gboolean
kslurm_mount_exec(const char *folder,
                  const char *const *argv,
                  const char *const *envp,
                  GError **error)
{
  g_auto(GStrv) own =
      g_environ_setenv(g_strdupv((char **)envp), KSLURM_MOUNT_VARIABLE, folder, TRUE);
  char **before = environ;
  sigset_t none;
  int code = 0;

  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  /* the command is looked up where it will run: in the environment */
  environ = own;
  execvp(argv[0], (char **)argv);
  code = errno;
  environ = before;
  return kslurm_set_errno(error, code, _("cannot run '%s'"), argv[0]);
}
