/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-lock-private.h"

#define BEAT_SECONDS 30
#define NOTE_SECONDS 2
#define POLL_MS 20
#define PATIENT_MS 250 /* a network disk has others to serve */

/* a lock that holds across nodes: flock does not, on many a project file system. Its
 * content is 'HOST BOOT PID-NAMESPACE PID NONCE BEAT NOTE'; the owner rewrites it every
 * 30 s, and a waiter that saw it unchanged for 180 s of its own clock takes it over */
struct _KslurmLock {
  char *path;
  char *owner;
  int fd;
  GThread *thread;
  gboolean held;
  gboolean bare; /* in a folder that has no files without a name */
  GMutex mutex;  /* of what follows */
  GCond wake;
  KslurmProgress *progress;
  gboolean stop;
};

static char *
dup_machine(void)
{
  g_autofree char *boot = NULL;
  g_autofree char *namespace = g_file_read_link("/proc/self/ns/pid", NULL);

  if (g_file_get_contents("/proc/sys/kernel/random/boot_id", &boot, NULL, NULL))
    g_strchomp(boot);
  return g_strdup_printf("%s %s %s", g_get_host_name(), boot != NULL ? boot : "-",
                         namespace != NULL ? namespace : "-");
}

/* to the file that we made, which is no longer the lock's when a waiter took it over. What
 * a longer note left behind the line's end is nothing; the disk of another node is told now
 */
static gboolean
write_beat(KslurmLock *lock, guint beat, const char *note)
{
  g_autofree char *text = g_strdup_printf(
      "%s %u%s%s\n", lock->owner, beat, note != NULL ? " " : "", note != NULL ? note : "");
  gssize length = (gssize)strlen(text);

  if (pwrite(lock->fd, text, (gsize)length, 0) != length)
    return FALSE;
  sync_file_range(lock->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
  return TRUE;
}

static gpointer
beat_thread(gpointer data)
{
  KslurmLock *lock = data;
  g_autofree char *note = NULL;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock->mutex);
  gint64 now = g_get_monotonic_time(), written = now;

  for (guint beat = 1; !lock->stop;) {
    int seconds = lock->progress != NULL ? NOTE_SECONDS : BEAT_SECONDS;
    g_autofree char *fresh = NULL;

    if (g_cond_wait_until(&lock->wake, &lock->mutex, now + seconds * G_TIME_SPAN_SECOND) &&
        (lock->stop || lock->progress == NULL))
      continue;
    now = g_get_monotonic_time();
    fresh = lock->progress != NULL ? kslurm_progress_to_note(lock->progress) : NULL;
    if (g_strcmp0(fresh, note) == 0 && now - written < BEAT_SECONDS * G_TIME_SPAN_SECOND)
      continue;
    write_beat(lock, beat++, fresh);
    written = now;
    g_free(note);
    note = g_steal_pointer(&fresh);
  }
  return NULL;
}

/* readable by all, whatever the umask: in a folder that a group shares, the others must see
 * it beat, or they would wait for ever when its owner dies */
static gboolean
prepare(KslurmLock *lock)
{
  if (lock->fd >= 0 && fchmod(lock->fd, 0644) != 0)
    g_debug("'%s' keeps its mode: %s", lock->path, g_strerror(errno));
  return lock->fd >= 0 && write_beat(lock, 0, NULL);
}

static gboolean
create_bare(KslurmLock *lock, GError **error)
{
  lock->fd = open(lock->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (lock->fd < 0 && errno == EEXIST)
    return FALSE;
  if (prepare(lock))
    return TRUE;
  kslurm_set_errno(error, errno, _("cannot make the lock '%s'"), lock->path);
  /* on a full disk: a lock that names no owner would hold everybody up */
  if (lock->fd >= 0)
    g_unlink(lock->path);
  return FALSE;
}

/* a lock that has its name only when it says whose it is: who is killed in between leaves
 * nothing. Network disks know no files without a name */
static gboolean
create(KslurmLock *lock, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(lock->path);
  g_autofree char *nameless = NULL;

  if (lock->fd < 0 && !lock->bare) {
    lock->fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0644);
    if (lock->fd >= 0 && !prepare(lock))
      return kslurm_set_errno(error, errno, _("cannot make the lock '%s'"), lock->path);
  }
  if (lock->fd < 0)
    return create_bare(lock, error);
  nameless = g_strdup_printf("/proc/self/fd/%d", lock->fd);
  if (linkat(AT_FDCWD, nameless, AT_FDCWD, lock->path, AT_SYMLINK_FOLLOW) == 0)
    return TRUE;
  if (errno == EEXIST)
    return FALSE;
  lock->bare = TRUE;
  kslurm_autofd_clear(&lock->fd);
  return create_bare(lock, error);
}

static gboolean
wait_for_turn(KslurmLock *lock,
              KslurmLockWait *wait,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr(GError) failure = NULL;

  wait->since = g_get_monotonic_time();
  for (guint pause_ms = POLL_MS; !create(lock, &failure);) {
    if (failure != NULL || g_cancellable_set_error_if_cancelled(cancellable, &failure)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    kslurm_lock_wait_look(wait, lock->path);
    g_usleep(pause_ms * 1000);
    pause_ms = MIN(pause_ms + 1, PATIENT_MS);
  }
  return TRUE;
}

/**
 * kslurm_lock_acquire_watched: (skip)
 * @path: the lock's own file, in an existing folder
 * @watch: (nullable): called with what the owner shows, each time that it changes
 * @data: for @watch
 * @cancellable: (nullable): ends the waiting
 * @error: return location
 *
 * Waits for the one lock of @path and takes it. Locks save work and order writers of one
 * file; who lost a lock must still never write something half.
 *
 * Returns: (transfer full) (nullable): the lock, or %NULL with @error set
 */
KslurmLock *
kslurm_lock_acquire_watched(const char *path,
                            KslurmLockWatch watch,
                            gpointer data,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autofree char *machine = dup_machine();
  KslurmLockWait wait = {.machine = machine, .watch = watch, .data = data};
  KslurmLock *lock = g_new0(KslurmLock, 1);

  lock->fd = -1;
  lock->path = g_strdup(path);
  lock->owner = g_strdup_printf("%s %d %08x", machine, (int)getpid(), g_random_int());
  g_mutex_init(&lock->mutex);
  g_cond_init(&lock->wake);
  lock->held = wait_for_turn(lock, &wait, cancellable, error);
  g_free(wait.seen);
  if (!lock->held)
    g_clear_pointer(&lock, kslurm_lock_release);
  else
    lock->thread = g_thread_new("kslurm-lock", beat_thread, lock);
  return lock;
}

/**
 * kslurm_lock_acquire: (skip)
 * @path: the lock's own file, in an existing folder
 * @cancellable: (nullable): ends the waiting
 * @error: return location
 *
 * As kslurm_lock_acquire_watched(), by who does not show what it waits for.
 *
 * Returns: (transfer full) (nullable): the lock, or %NULL with @error set
 */
KslurmLock *
kslurm_lock_acquire(const char *path, GCancellable *cancellable, GError **error)
{
  return kslurm_lock_acquire_watched(path, NULL, NULL, cancellable, error);
}

/**
 * kslurm_lock_show: (skip)
 * @lock: a lock
 * @progress: (nullable): of what it is held for, which outlives the lock
 *
 * From now on the lock tells how far @progress is, at once and every two seconds; those who
 * wait give it to kslurm_progress_follow().
 */
void
kslurm_lock_show(KslurmLock *lock, KslurmProgress *progress)
{
  g_mutex_lock(&lock->mutex);
  lock->progress = progress;
  g_cond_signal(&lock->wake);
  g_mutex_unlock(&lock->mutex);
}

static gboolean
is_ours(KslurmLock *lock)
{
  g_autofree char *content = NULL;

  return g_file_get_contents(lock->path, &content, NULL, NULL) &&
         g_str_has_prefix(content, lock->owner);
}

/**
 * kslurm_lock_release: (skip)
 * @lock: (transfer full): a lock
 *
 * Gives the lock up; one that a waiter took over stays with the waiter.
 */
void
kslurm_lock_release(KslurmLock *lock)
{
  g_mutex_lock(&lock->mutex);
  lock->stop = TRUE;
  g_cond_signal(&lock->wake);
  g_mutex_unlock(&lock->mutex);
  g_clear_pointer(&lock->thread, g_thread_join);
  if (lock->held && is_ours(lock))
    g_unlink(lock->path);
  if (lock->fd >= 0)
    close(lock->fd);
  g_mutex_clear(&lock->mutex);
  g_cond_clear(&lock->wake);
  g_free(lock->path);
  g_free(lock->owner);
  g_free(lock);
}
