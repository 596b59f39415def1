/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-mount.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-process.h"
#include "base/venv/kslurm-mount-private.h"

/* blanks and a comma, which parts squashfuse's options */
static char *top, *tree, *secret, *image, *folder;

static void
make_image(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) maker = NULL;

  top = g_dir_make_tmp("kslurm mount, XXXXXX", NULL);
  tree = g_build_filename(top, "tree", NULL);
  secret = g_build_filename(tree, "secret", NULL);
  image = g_build_filename(top, "i, 1.sqfs", NULL);
  folder = g_build_filename(top, "m, 1", NULL);
  g_assert_no_errno(g_mkdir(tree, 0700));
  g_assert_no_errno(g_mkdir(folder, 0700));
  g_assert_true(g_file_set_contents(secret, "mounted\n", -1, NULL));
  g_assert_no_errno(g_chmod(secret, 0600));
  maker = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "mksquashfs", tree,
                           image, "-quiet", "-no-progress", NULL);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_wait_check(maker, NULL, &error));
}

static void
remove_image(void)
{
  char **made[] = {&secret, &tree, &image, &folder, &top};

  for (gsize i = 0; i < G_N_ELEMENTS(made); i++) {
    g_assert_no_errno(g_remove(*made[i]));
    g_clear_pointer(made[i], g_free);
  }
}

static pid_t
start(const char *what, const char *script, int output)
{
  const char *argv[] = {"sh", "-c", script, "sh", folder, NULL};
  g_autoptr(GError) error = NULL;
  pid_t child = fork();

  if (child != 0)
    return child;
  dup2(output, STDOUT_FILENO);
  if (kslurm_mount_enter(what, folder, &error))
    kslurm_mount_exec(folder, argv, (const char *const *)environ, &error);
  dprintf(STDOUT_FILENO, "%s", error->message);
  _exit(99);
}

static int
run(const char *what, const char *script, char **said)
{
  char buffer[4096] = "";
  int ends[2] = {-1, -1}, wait_status = 0;
  gsize length = 0;
  gssize got = 0;
  pid_t child = 0;

  g_assert_no_errno(pipe2(ends, O_CLOEXEC));
  child = start(what, script, ends[1]);
  close(ends[1]);
  while ((got = read(ends[0], buffer + length, sizeof buffer - 1 - length)) > 0)
    length += (gsize)got;
  close(ends[0]);
  *said = g_strndup(buffer, length);
  g_assert_cmpint(waitpid(child, &wait_status, 0), ==, child);
  return kslurm_process_exit_status(wait_status);
}

static gboolean
is_mentioned(const char *path)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  if (!g_file_get_contents(path, &content, &length, NULL))
    return FALSE;
  return memmem(content, length, image, strlen(image)) != NULL;
}

static gboolean
squashfuse_runs(void)
{
  g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
  const char *name = NULL;

  while ((name = g_dir_read_name(processes)) != NULL) {
    g_autofree char *path = g_build_filename("/proc", name, "cmdline", NULL);

    if (g_ascii_isdigit(*name) && is_mentioned(path))
      return TRUE;
  }
  return FALSE;
}

static void
wait_for_end(void)
{
  while (squashfuse_runs())
    g_usleep(1000);
}

static void
test_command(void)
{
  g_autofree char *said = NULL;

  g_assert_cmpint(
      run(image, "cat \"$1/secret\"; touch \"$1/x\" 2>/dev/null || exit 7", &said), ==, 7);
  g_assert_cmpstr(said, ==, "mounted\n");
  g_assert_false(is_mentioned("/proc/self/mountinfo"));
  wait_for_end();
}

static void
test_ordinary_process(void)
{
  g_autofree char *said = NULL;
  g_autofree char *expected = g_strdup_printf("%u []\n", (guint)geteuid());

  g_assert_cmpint(run(image,
                      "read c </proc/$$/task/$$/children; echo $(id -u) \"[$c]\"; "
                      "grep -q '^CapBnd:.*[1-9a-f]' /proc/self/status; exit $?",
                      &said),
                  ==, 1);
  g_assert_cmpstr(said, ==, expected);
}

static void
test_signal(void)
{
  int ends[2] = {-1, -1}, wait_status = 0;
  char byte = 0;
  pid_t child = 0;

  g_assert_no_errno(pipe2(ends, O_CLOEXEC));
  child = start(image, "echo; exec sleep 1000", ends[1]);
  close(ends[1]);
  g_assert_cmpint(read(ends[0], &byte, 1), ==, 1);
  g_assert_true(squashfuse_runs());
  g_assert_no_errno(kill(child, SIGKILL));
  g_assert_cmpint(waitpid(child, &wait_status, 0), ==, child);
  g_assert_cmpint(kslurm_process_exit_status(wait_status), ==, 128 + SIGKILL);
  wait_for_end();
  close(ends[0]);
}

static void
test_not_an_image(void)
{
  g_autofree char *said = NULL;

  g_assert_cmpint(run("/etc/passwd", "true", &said), ==, 99);
  g_assert_true(g_str_has_prefix(said, "squashfuse cannot mount '/etc/passwd': "));
  g_assert_null(strchr(said, '\n'));
}

/* squashfuse mounts it, lives on, and says nothing */
static void
test_damaged_image(void)
{
  static const char junk[16] = "\377\377\377\377\377\377\377\377";
  g_autofree char *damaged = g_build_filename(top, "damaged", NULL);
  g_autofree char *said = NULL, *content = NULL, *prefix = NULL;
  guint64 inodes = 0;
  gsize length = 0;

  g_assert_true(g_file_get_contents(image, &content, &length, NULL));
  memcpy(&inodes, content + 64, sizeof inodes);
  memcpy(content + GUINT64_FROM_LE(inodes) + 2, junk, sizeof junk);
  g_assert_true(g_file_set_contents(damaged, content, (gssize)length, NULL));
  prefix = g_strdup_printf("squashfuse cannot mount '%s': ", damaged);
  g_assert_cmpint(run(damaged, "true", &said), ==, 99);
  g_assert_true(g_str_has_prefix(said, prefix));
  g_assert_no_errno(g_remove(damaged));
}

static void
test_no_command(void)
{
  const char *argv[] = {"kslurm-none", NULL};
  g_autoptr(GError) error = NULL;
  pid_t child = fork();
  int wait_status = 0;

  if (child == 0) {
    g_assert_true(kslurm_mount_enter(image, folder, &error));
    kslurm_mount_exec(folder, argv, (const char *const *)environ, &error);
    _exit(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? 5 : 6);
  }
  g_assert_cmpint(waitpid(child, &wait_status, 0), ==, child);
  g_assert_cmpint(kslurm_process_exit_status(wait_status), ==, 5);
  wait_for_end();
}

/* a namespace of ours may forbid those below it, as a node's administrator does */
static void
forbid(void)
{
  kslurm_autofd int fd = -1;

  g_assert_cmpint(kslurm_mount_unshare(), ==, 0);
  fd = open("/proc/sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC);
  g_assert_cmpint(write(fd, "0", 1), ==, 1);
}

static void
test_forbidden(void)
{
  g_autoptr(GError) error = NULL;
  pid_t child = fork();
  int wait_status = 0;

  if (child == 0) {
    g_assert_true(kslurm_mount_check("sci", &error));
    forbid();
    g_assert_false(kslurm_mount_check("sci", &error));
    g_assert_cmpstr(error->message, ==,
                    "this node lets users make no namespaces (No space left on device); "
                    "unpack the environment instead, with 'kpy load sci'");
    _exit(0);
  }
  g_assert_cmpint(waitpid(child, &wait_status, 0), ==, child);
  g_assert_cmpint(wait_status, ==, 0);
}

static void
test_no_squashfuse(void)
{
  g_autofree char *path = g_strdup(g_getenv("PATH"));
  g_autoptr(GError) error = NULL;

  g_assert_true(g_setenv("PATH", "/nowhere", TRUE));
  g_assert_false(kslurm_mount_check("sci", &error));
  g_assert_cmpstr(error->message, ==,
                  "'squashfuse' is not on the PATH of this node; unpack the environment "
                  "instead, with 'kpy load sci'");
  g_assert_true(g_setenv("PATH", path, TRUE));
}

int
main(int argc, char **argv)
{
  int status = 0;

  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  make_image();
  g_test_add_func("/mount/command", test_command);
  g_test_add_func("/mount/ordinary-process", test_ordinary_process);
  g_test_add_func("/mount/signal", test_signal);
  g_test_add_func("/mount/not-an-image", test_not_an_image);
  g_test_add_func("/mount/damaged-image", test_damaged_image);
  g_test_add_func("/mount/no-command", test_no_command);
  g_test_add_func("/mount/forbidden", test_forbidden);
  g_test_add_func("/mount/no-squashfuse", test_no_squashfuse);
  status = g_test_run();
  remove_image();
  return status;
}
