/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/util/kslurm-lock-private.h"
#include "base/util/kslurm-process.h"
#include "base/util/kslurm-text.h"

#define DEAD_SECONDS 180
#define NAMELESS_SECONDS 60 /* it says at once whose it is, or never */
#define NOTE_LENGTH 200

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
take_over(const char *path, const char *seen, gint64 unchanged)
{
  g_autofree char *claim = g_strdup_printf("%s.dead-%08x", path, g_str_hash(seen));

  if (link(path, claim) != 0) {
    if (errno == EEXIST && unchanged > 2 * DEAD_SECONDS * G_TIME_SPAN_SECOND)
      g_unlink(claim);
    /* a file system without hard links, or another user's lock */
    else if (errno != EEXIST && errno != ENOENT && says(path, seen))
      g_unlink(path);
    return;
  }
  if (says(claim, seen))
    g_unlink(path);
  g_unlink(claim);
}

/* what stands behind the sixth word: a foreign text */
static void
show_note(KslurmLockWait *wait)
{
  g_auto(GStrv) words = g_strsplit(wait->seen, " ", 7);
  g_autofree char *clean = NULL;
  gsize length = 0;

  if (wait->watch == NULL || g_strv_length(words) != 7)
    return;
  length = strcspn(words[6], "\n");
  if (words[6][length] != '\n' || length > NOTE_LENGTH)
    return;
  words[6][length] = '\0';
  clean = kslurm_text_clean(words[6]);
  wait->watch(clean, wait->data);
}

/**
 * kslurm_lock_wait_look: (skip)
 * @wait: who waits
 * @path: of the lock
 *
 * Looks at the lock once: tells what its owner shows, and takes it away from a dead one.
 */
void
kslurm_lock_wait_look(KslurmLockWait *wait, const char *path)
{
  gint64 now = g_get_monotonic_time();
  g_autofree char *content = NULL;
  int seconds = 0;

  g_file_get_contents(path, &content, NULL, NULL);
  if (g_strcmp0(content, wait->seen) != 0) {
    wait->since = now;
    g_free(wait->seen);
    wait->seen = g_strdup(content);
    if (content != NULL)
      show_note(wait);
  }
  if (content == NULL)
    return;
  seconds = content[0] != '\0' ? DEAD_SECONDS : NAMELESS_SECONDS;
  if (owner_is_gone(content, wait->machine) ||
      now - wait->since > seconds * G_TIME_SPAN_SECOND)
    take_over(path, content, now - wait->since);
}
