/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-partial-private.h"
#include "base/util/kslurm-partial.h"
#include "unit.h"

static char *
dup_folder(void)
{
  g_assert_cmpint(g_mkdir_with_parents(g_get_user_cache_dir(), 0700), ==, 0);
  return g_strdup(g_get_user_cache_dir());
}

static KslurmPartial *
make_partial(const char *path, const char *content)
{
  g_autoptr(GError) error = NULL;
  KslurmPartial *partial = kslurm_partial_new(path, 0666, &error);

  g_assert_no_error(error);
  g_assert_true(
      kslurm_fd_write_all(kslurm_partial_get_fd(partial), content, strlen(content)));
  return partial;
}

/* how many names the folder has */
static guint
count_names(const char *path)
{
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name(folder) != NULL)
    n++;
  return n;
}

static void
test_publish(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "a.tar.zst", NULL);
  g_autoptr(KslurmPartial) first = make_partial(path, "first");
  g_autoptr(KslurmPartial) second = make_partial(path, "second");
  g_autofree char *content = NULL;
  g_autofree char *message = g_strdup_printf("'%s' exists already", path);
  g_autoptr(GError) error = NULL;

  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  g_assert_true(kslurm_partial_publish(first, FALSE, &error));
  g_assert_false(kslurm_partial_publish(second, FALSE, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS, message);
  g_clear_pointer(&second, kslurm_partial_free);
  g_assert_cmpuint(count_names(folder), ==, 1);
  g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
  g_assert_cmpstr(content, ==, "first");
}

static void
test_replace(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "a.tar.zst", NULL);
  g_autoptr(KslurmPartial) partial = NULL;
  g_autofree char *content = NULL;

  g_assert_true(g_file_set_contents(path, "old", -1, NULL));
  partial = make_partial(path, "new");
  g_assert_true(kslurm_partial_publish(partial, TRUE, NULL));
  g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
  g_assert_cmpstr(content, ==, "new");
  g_assert_cmpuint(count_names(folder), ==, 1);
}

static void
test_mode(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "a.tar.zst", NULL);
  g_autoptr(KslurmPartial) partial = NULL;
  mode_t before = umask(0007);
  struct stat st;

  partial = make_partial(path, "x");
  umask(before);
  g_assert_true(kslurm_partial_publish(partial, FALSE, NULL));
  g_assert_cmpint(g_stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 07777, ==, 0660);
}

static void
put_junk(const char *folder, const char *host, guint64 space, int pid, int age)
{
  g_autofree char *name = g_strdup_printf(
      ".kslurm-%s-%" G_GUINT64_FORMAT "-%d-0123456789abcdef.partial", host, space, pid);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  struct utimbuf times = {time(NULL) - age, time(NULL) - age};

  g_assert_true(g_file_set_contents(path, "junk", -1, NULL));
  g_assert_cmpint(utime(path, &times), ==, 0);
}

/* reaped by us: the first process of a container may reap nobody */
static int
get_dead(void)
{
  int pid = 0;

  g_assert_true(g_spawn_async(NULL, (char *[]){(char *)"true", NULL}, NULL,
                              G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                              &pid, NULL));
  g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
  return pid;
}

/* of those that may live, what is on another host or in another namespace */
static void
test_sweep(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "a.tar.zst", NULL);
  g_autoptr(KslurmPartial) partial = NULL;
  struct utsname host;
  struct stat st;
  int dead = get_dead();

  g_assert_cmpint(uname(&host), ==, 0);
  g_assert_cmpint(g_stat("/proc/self/ns/pid", &st), ==, 0);
  put_junk(folder, host.nodename, st.st_ino, dead, 0);
  put_junk(folder, host.nodename, st.st_ino, getpid(), 0);
  put_junk(folder, host.nodename, st.st_ino + 1, dead, 3600);
  put_junk(folder, "other-node", st.st_ino, dead, 3600);
  put_junk(folder, "third-node", st.st_ino, dead, 90000);
  g_assert_cmpuint(count_names(folder), ==, 5);
  partial = make_partial(path, "x");
  g_assert_cmpuint(count_names(folder), ==, 4);
  g_clear_pointer(&partial, kslurm_partial_free);
  g_assert_cmpuint(count_names(folder), ==, 3);
}

/* of a process that was killed: '@folder/LEAD-HOST-NAMESPACE-PID-NONCE/file' */
static void
put_left(const char *folder, const char *lead, int pid)
{
  g_autofree char *owner = kslurm_partial_dup_owner();
  g_autofree char *name = g_strdup_printf("%s%s%d-01234567", lead, owner, pid);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *file = g_build_filename(path, "file", NULL);

  g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
  g_assert_true(g_file_set_contents(file, "junk", -1, NULL));
}

static void
test_folder(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "my env", NULL);
  g_autofree char *made = NULL;
  g_autoptr(GError) error = NULL;
  struct stat st;
  int dead = get_dead();

  put_left(folder, "my env.partial-", dead);
  put_left(folder, "my env.partial-", getpid());
  put_left(folder, "other.partial-", dead);
  made = kslurm_partial_make_folder(path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(count_names(folder), ==, 3);
  g_assert_true(g_str_has_prefix(made, path));
  g_assert_cmpint(g_stat(made, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 07777, ==, 0700);
}

static void
test_no_folder(void)
{
  g_autofree char *folder = dup_folder();
  g_autofree char *path = g_build_filename(folder, "none", "a.tar.zst", NULL);
  g_autofree char *message =
      g_strdup_printf("cannot write beside '%s': No such file or directory", path);
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_partial_new(path, 0666, &error));
  unit_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, message);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/partial/publish", test_publish);
  g_test_add_func("/partial/replace", test_replace);
  g_test_add_func("/partial/mode", test_mode);
  g_test_add_func("/partial/sweep", test_sweep);
  g_test_add_func("/partial/folder", test_folder);
  g_test_add_func("/partial/no-folder", test_no_folder);
  return g_test_run();
}
