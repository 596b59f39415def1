/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-lock-private.h"

#define THREADS 8
#define ROUNDS 20

static char *lock_path;
static int inside;
static int total;

static gpointer
count(gpointer data)
{
  for (int i = 0; i < ROUNDS; i++) {
    g_autoptr(KslurmLock) lock = kslurm_lock_acquire(lock_path, NULL, NULL);

    g_assert_nonnull(lock);
    g_assert_cmpint(g_atomic_int_add(&inside, 1), ==, 0);
    total++;
    g_atomic_int_add(&inside, -1);
  }
  return NULL;
}

static void
test_excludes(void)
{
  GThread *threads[THREADS];

  for (int i = 0; i < THREADS; i++)
    threads[i] = g_thread_new(NULL, count, NULL);
  for (int i = 0; i < THREADS; i++)
    g_thread_join(threads[i]);
  g_assert_cmpint(total, ==, THREADS * ROUNDS);
  g_assert_false(g_file_test(lock_path, G_FILE_TEST_EXISTS));
}

static void
test_readable(void)
{
  mode_t before = umask(077);
  g_autoptr(KslurmLock) lock = kslurm_lock_acquire(lock_path, NULL, NULL);
  struct stat st;

  umask(before);
  g_assert_cmpint(g_stat(lock_path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0644);
}

static void
test_dead_owner(void)
{
  pid_t child = fork();
  g_autoptr(KslurmLock) lock = NULL;

  if (child == 0) {
    kslurm_lock_acquire(lock_path, NULL, NULL);
    _exit(0);
  }
  g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
  g_assert_true(g_file_test(lock_path, G_FILE_TEST_EXISTS));
  lock = kslurm_lock_acquire(lock_path, NULL, NULL);
  g_assert_nonnull(lock);
}

/* killed, and its parent busy elsewhere */
static void
test_zombie_owner(void)
{
  pid_t child = fork();
  siginfo_t ended;
  g_autoptr(KslurmLock) lock = NULL;

  if (child == 0) {
    kslurm_lock_acquire(lock_path, NULL, NULL);
    _exit(0);
  }
  g_assert_cmpint(waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT), ==, 0);
  g_assert_true(g_file_test(lock_path, G_FILE_TEST_EXISTS));
  lock = kslurm_lock_acquire(lock_path, NULL, NULL);
  g_assert_nonnull(lock);
  g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
}

static gpointer
hold_once(gpointer data)
{
  g_autoptr(KslurmLock) lock = kslurm_lock_acquire(lock_path, NULL, NULL);

  g_assert_nonnull(lock);
  g_assert_cmpint(g_atomic_int_add(&inside, 1), ==, 0);
  g_usleep(200);
  g_atomic_int_add(&inside, -1);
  return NULL;
}

/* of many that see one dead owner, a slow one must not remove the lock of a quick one */
static void
test_dead_owner_of_many(void)
{
  g_autofree char *dead = NULL;
  pid_t child = fork();

  if (child == 0) {
    kslurm_lock_acquire(lock_path, NULL, NULL);
    _exit(0);
  }
  g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
  g_assert_true(g_file_get_contents(lock_path, &dead, NULL, NULL));
  for (int round = 0; round < 20; round++) {
    GThread *threads[THREADS];

    g_assert_true(g_file_set_contents(lock_path, dead, -1, NULL));
    for (int i = 0; i < THREADS; i++)
      threads[i] = g_thread_new(NULL, hold_once, NULL);
    for (int i = 0; i < THREADS; i++)
      g_thread_join(threads[i]);
    g_assert_false(g_file_test(lock_path, G_FILE_TEST_EXISTS));
  }
}

static void
test_full_disk(void)
{
  struct rlimit limit;
  struct rlimit none = {0, 0};
  g_autoptr(GError) error = NULL;
  KslurmLock *lock = NULL;

  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  none.rlim_max = limit.rlim_max;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &none), ==, 0);
  lock = kslurm_lock_acquire(lock_path, NULL, &error);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_null(lock);
  g_assert_nonnull(error);
  g_assert_false(g_file_test(lock_path, G_FILE_TEST_EXISTS));
}

static void
test_cancelled(void)
{
  g_autoptr(KslurmLock) lock = kslurm_lock_acquire(lock_path, NULL, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel(cancellable);
  g_assert_null(kslurm_lock_acquire(lock_path, cancellable, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
note_shown(const char *note, gpointer data)
{
  g_autofree char *past = g_atomic_pointer_get((char **)data);

  g_atomic_pointer_set((char **)data, g_strdup(note));
}

static gpointer
wait_and_watch(gpointer data)
{
  g_autoptr(KslurmLock) lock =
      kslurm_lock_acquire_watched(lock_path, note_shown, data, NULL, NULL);

  g_assert_nonnull(lock);
  return NULL;
}

static void
await_content(const char *what)
{
  g_autofree char *content = NULL;

  while (content == NULL || strstr(content, what) == NULL) {
    g_clear_pointer(&content, g_free);
    g_assert_true(g_file_get_contents(lock_path, &content, NULL, NULL));
    g_thread_yield();
  }
}

static void
test_shows(void)
{
  g_autoptr(KslurmProgress) progress = kslurm_progress_new();
  g_autoptr(KslurmLock) lock = kslurm_lock_acquire(lock_path, NULL, NULL);
  char *note = NULL;
  GThread *waiter = NULL;

  kslurm_progress_begin(progress, "x", 100, 0);
  kslurm_progress_add(progress, 7, 0);
  kslurm_lock_show(lock, progress);
  await_content(" 7 100\n");
  kslurm_progress_add(progress, 60, 0);
  kslurm_lock_show(lock, progress);
  await_content(" 67 100\n");
  waiter = g_thread_new(NULL, wait_and_watch, &note);
  while (g_atomic_pointer_get(&note) == NULL)
    g_thread_yield();
  g_clear_pointer(&lock, kslurm_lock_release);
  g_thread_join(waiter);
  g_assert_cmpstr(note, ==, "67 100");
  g_free(note);
}

/* the words are another's: they may be any bytes */
static void
test_shows_foreign(void)
{
  static const char *const texts[] = {"", "\n", "a b c 1 2 3 4", "a b c 1 2 3 \033[2J\n",
                                      "a b c 1 2 3 4\nstale 9 9\n"};
  static const char *const notes[] = {NULL, NULL, NULL, "[2J", "4"};

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    KslurmLockWait wait = {.machine = "here", .watch = note_shown};
    char *note = NULL;

    wait.data = &note;
    wait.since = g_get_monotonic_time();
    g_assert_true(g_file_set_contents(lock_path, texts[i], -1, NULL));
    kslurm_lock_wait_look(&wait, lock_path);
    g_assert_cmpstr(note, ==, notes[i]);
    g_free(note);
    g_free(wait.seen);
  }
  g_assert_cmpint(g_remove(lock_path), ==, 0);
}

int
main(int argc, char **argv)
{
  g_autofree char *folder = NULL;
  int status = 0;

  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  folder = g_dir_make_tmp("kslurm-lock-XXXXXX", NULL);
  lock_path = g_build_filename(folder, "lock", NULL);
  g_test_add_func("/lock/excludes", test_excludes);
  g_test_add_func("/lock/readable", test_readable);
  g_test_add_func("/lock/dead-owner", test_dead_owner);
  g_test_add_func("/lock/zombie-owner", test_zombie_owner);
  g_test_add_func("/lock/dead-owner-of-many", test_dead_owner_of_many);
  g_test_add_func("/lock/full-disk", test_full_disk);
  g_test_add_func("/lock/cancelled", test_cancelled);
  g_test_add_func("/lock/shows", test_shows);
  g_test_add_func("/lock/shows-foreign", test_shows_foreign);
  status = g_test_run();
  g_remove(lock_path);
  g_rmdir(folder);
  return status;
}
