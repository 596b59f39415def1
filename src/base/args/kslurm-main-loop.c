/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-main-loop.h"

#include <glib-unix.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/args/kslurm-call-private.h"

#define DRAW_MS 100
#define QUIET_US (300 * 1000) /* short work shows nothing */

typedef struct {
  KslurmCall *call;
  GCancellable *cancellable;
  GMainLoop *loop;
  GError *error;
  int status;
  int signal;
  gint64 since_us; /* when something was to be drawn first */
  GMutex mutex;    /* of the terminal's last line */
  gboolean drawn;
} Run;

static gboolean
on_signal(Run *run, int number)
{
  run->signal = number;
  g_cancellable_cancel(run->cancellable);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_interrupt(gpointer data)
{
  return on_signal(data, SIGINT);
}

static gboolean
on_terminate(gpointer data)
{
  return on_signal(data, SIGTERM);
}

static gboolean
on_verb_done(gpointer data)
{
  Run *run = data;

  g_main_loop_quit(run->loop);
  return G_SOURCE_REMOVE;
}

static gpointer
verb_thread(gpointer data)
{
  Run *run = data;

  run->status = run->call->verb->run(run->call, run->cancellable, &run->error);
  /* a quick verb ends before the loop runs, which would then never hear of a quit */
  g_idle_add(on_verb_done, run);
  return NULL;
}

static gboolean
may_draw(KslurmCall *call)
{
  return isatty(STDERR_FILENO) && !kslurm_call_has(call, "quiet") &&
         g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

/* a terminal that wraps in its last column would scroll */
static int
get_columns(void)
{
  struct winsize size = {0};

  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 79;
  return size.ws_col - 1;
}

static void
erase(Run *run)
{
  if (run->drawn)
    g_printerr("\r\033[K");
  run->drawn = FALSE;
}

static void
hold(gpointer data, gboolean held)
{
  Run *run = data;

  if (!held) {
    g_mutex_unlock(&run->mutex);
    return;
  }
  g_mutex_lock(&run->mutex);
  erase(run);
}

static gboolean
on_draw(gpointer data)
{
  Run *run = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&run->mutex);
  gint64 now = g_get_monotonic_time();
  g_autofree char *text =
      kslurm_progress_to_text(kslurm_call_get_progress(run->call), now, get_columns());

  if (text == NULL) {
    erase(run);
    return G_SOURCE_CONTINUE;
  }
  if (run->since_us == 0)
    run->since_us = now;
  if (now - run->since_us < QUIET_US)
    return G_SOURCE_CONTINUE;
  g_printerr("\r%s\033[K", text);
  run->drawn = TRUE;
  return G_SOURCE_CONTINUE;
}

/**
 * kslurm_main_loop_run: (skip)
 * @call: a scanned call whose verb waits
 * @cancellable: cancelled by a signal
 * @signal: (out): the signal that cancelled it, or 0
 * @error: return location
 *
 * Runs the verb in a thread, while the loop takes signals and draws the verb's progress
 * on a terminal.
 *
 * Returns: the verb's status
 */
int
kslurm_main_loop_run(KslurmCall *call,
                     GCancellable *cancellable,
                     int *signal,
                     GError **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  Run run = {.call = call, .cancellable = cancellable, .loop = loop};
  guint interrupt = g_unix_signal_add(SIGINT, on_interrupt, &run);
  guint terminate = g_unix_signal_add(SIGTERM, on_terminate, &run);
  guint draw = may_draw(call) ? g_timeout_add(DRAW_MS, on_draw, &run) : 0;
  GThread *thread = NULL;

  g_mutex_init(&run.mutex);
  call->hold = hold;
  call->holder = &run;
  thread = g_thread_new("kslurm-verb", verb_thread, &run);
  g_main_loop_run(loop);
  g_thread_join(thread);
  call->hold = NULL;
  erase(&run);
  g_mutex_clear(&run.mutex);
  g_source_remove(interrupt);
  g_source_remove(terminate);
  if (draw != 0)
    g_source_remove(draw);
  *signal = run.signal;
  if (run.error != NULL)
    g_propagate_error(error, run.error);
  return run.status;
}
