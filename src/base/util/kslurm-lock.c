/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-process.h"

#define BEAT_SECONDS 30
#define DEAD_SECONDS 180
#define POLL_MS 20

/* a lock that holds across nodes: flock does not, on many a project file system. Its
 * content is 'HOST BOOT PID-NAMESPACE PID NONCE BEAT'; the owner rewrites it every 30 s,
 * and a waiter that saw it unchanged for 180 s of its own clock takes it over */
struct _KslurmLock {
  char *path;
  char *owner;
  int fd;
  GThread *thread;
  GMutex mutex;
  GCond wake;
  gboolean held;
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

/* to the file that we made, which is no longer the lock's when a waiter took it over */
static gboolean
write_beat(KslurmLock *lock, guint beat)
{
  g_autofree char *text = g_strdup_printf("%s %u\n", lock->owner, beat);

  return pwrite(lock->fd, text, strlen(text), 0) == (gssize)strlen(text);
}

static gpointer
beat_thread(gpointer data)
{
  KslurmLock *lock = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock->mutex);

  for (guint beat = 1; !lock->stop; beat++) {
    gint64 until = g_get_monotonic_time() + BEAT_SECONDS * G_TIME_SPAN_SECOND;

    while (!lock->stop && g_cond_wait_until(&lock->wake, &lock->mutex, until))
      ;
    if (!lock->stop)
      write_beat(lock, beat);
  }
  return NULL;
}

/* readable by all, whatever the umask: in a folder that a group shares, the others must see
 * it beat, or they would wait for ever when its owner dies */
static gboolean
create(KslurmLock *lock, GError **error)
{
  lock->fd = open(lock->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (lock->fd < 0 && errno == EEXIST)
    return FALSE;
  if (lock->fd >= 0 && fchmod(lock->fd, 0644) != 0)
    g_debug("'%s' keeps its mode: %s", lock->path, g_strerror(errno));
  if (lock->fd >= 0 && write_beat(lock, 0))
    return TRUE;
  kslurm_set_errno(error, errno, _("cannot make the lock '%s'"), lock->path);
  /* on a full disk: a lock that names no owner would hold everybody up */
  if (lock->fd >= 0)
    g_unlink(lock->path);
  return FALSE;
}

/* a process of this machine, boot and pid namespace can simply be asked for */
static gboolean
owner_is_gone(const char *content, const char *machine)
{
  gsize length = strlen(machine);

  if (!g_str_has_prefix(content, machine) || content[length] != ' ')
    return FALSE;
  return kslurm_process_is_gone((int)g_ascii_strtoll(content + length + 1, NULL, 10));
}

static gboolean
says(const char *path, const char *seen)
{
  g_autofree char *content = NULL;

  return g_file_get_contents(path, &content, NULL, NULL) && g_str_equal(content, seen);
}

/* of several waiters one makes the link to the dead lock that all of them saw, and only
 * that one may remove it: a rename could catch the new lock of a quicker waiter. Who dies
 * between the two leaves the link, which counts as dead after the same time again */
static void
take_over(KslurmLock *lock, const char *seen, gint64 unchanged)
{
  g_autofree char *claim = g_strdup_printf("%s.dead-%08x", lock->path, g_str_hash(seen));

  if (link(lock->path, claim) != 0) {
    if (errno == EEXIST && unchanged > 2 * DEAD_SECONDS * G_TIME_SPAN_SECOND)
      g_unlink(claim);
    /* a file system without hard links, or another user's lock */
    else if (errno != EEXIST && errno != ENOENT && says(lock->path, seen))
      g_unlink(lock->path);
    return;
  }
  if (says(claim, seen))
    g_unlink(lock->path);
  g_unlink(claim);
}

static gboolean
wait_for_turn(KslurmLock *lock,
              const char *machine,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autofree char *seen = NULL;
  gint64 since = g_get_monotonic_time(), unchanged = 0;

  while (!create(lock, &failure)) {
    g_autofree char *content = NULL;

    if (failure != NULL || g_cancellable_set_error_if_cancelled(cancellable, &failure)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    g_file_get_contents(lock->path, &content, NULL, NULL);
    if (g_strcmp0(content, seen) != 0) {
      since = g_get_monotonic_time();
      g_free(seen);
      seen = g_strdup(content);
    }
    unchanged = g_get_monotonic_time() - since;
    if (content != NULL &&
        (owner_is_gone(content, machine) || unchanged > DEAD_SECONDS * G_TIME_SPAN_SECOND))
      take_over(lock, content, unchanged);
    g_usleep(POLL_MS * 1000);
  }
  return TRUE;
}

/**
 * kslurm_lock_acquire: (skip)
 * @path: the lock's own file, in an existing folder
 * @cancellable: (nullable): ends the waiting
 * @error: return location
 *
 * Waits for the one lock of @path and takes it. Locks save work and order writers of one
 * file; who lost a lock must still never write something half.
 *
 * Returns: (transfer full) (nullable): the lock, or %NULL with @error set
 */
KslurmLock *
kslurm_lock_acquire(const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *machine = dup_machine();
  KslurmLock *lock = g_new0(KslurmLock, 1);

  lock->fd = -1;
  lock->path = g_strdup(path);
  lock->owner = g_strdup_printf("%s %d %08x", machine, (int)getpid(), g_random_int());
  g_mutex_init(&lock->mutex);
  g_cond_init(&lock->wake);
  lock->held = wait_for_turn(lock, machine, cancellable, error);
  if (!lock->held)
    g_clear_pointer(&lock, kslurm_lock_release);
  else
    lock->thread = g_thread_new("kslurm-lock", beat_thread, lock);
  return lock;
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
