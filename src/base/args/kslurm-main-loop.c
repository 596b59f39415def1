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
  guint drawn;     /* lines */
  gint64 said_us;  /* when the log had its last line */
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
is_terminal(void)
{
  return isatty(STDERR_FILENO) && g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

static GPtrArray *
list_lines(KslurmProgress *progress, gint64 now)
{
  struct winsize size = {0};

  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    size = (struct winsize){.ws_row = 24, .ws_col = 80};
  /* a terminal that wraps in its last column would scroll */
  return kslurm_progress_to_lines(progress, now, size.ws_col - 1, size.ws_row - 1);
}

static void
go_to_first(Run *run)
{
  g_printerr("\r");
  if (run->drawn > 1)
    g_printerr("\033[%uA", run->drawn - 1);
}

static void
erase(Run *run)
{
  if (run->drawn > 0) {
    go_to_first(run);
    g_printerr(run->drawn > 1 ? "\033[J" : "\033[K");
  }
  run->drawn = 0;
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
  g_autoptr(GPtrArray) lines = list_lines(kslurm_call_get_progress(run->call), now);

  if (lines == NULL) {
    erase(run);
    return G_SOURCE_CONTINUE;
  }
  if (run->since_us == 0)
    run->since_us = now;
  if (now - run->since_us < QUIET_US)
    return G_SOURCE_CONTINUE;
  if (run->drawn > lines->len)
    erase(run);
  go_to_first(run);
  for (guint i = 0; i < lines->len; i++)
    g_printerr("%s%s\033[K", i > 0 ? "\n" : "", (char *)lines->pdata[i]);
  run->drawn = lines->len;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_log(gpointer data)
{
  Run *run = data;
  KslurmProgress *progress = kslurm_call_get_progress(run->call);
  gint64 now = g_get_monotonic_time();

  if (kslurm_progress_is_log_due(progress, now - run->said_us)) {
    g_autofree char *text = kslurm_progress_to_plain(progress, now);

    run->said_us = now;
    if (text != NULL)
      g_printerr("%s\n", text);
  }
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
 * on a terminal, or says it in a log.
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
  GSourceFunc show = is_terminal() ? on_draw : on_log;
  guint draw = kslurm_call_has(call, "quiet") ? 0 : g_timeout_add(DRAW_MS, show, &run);
  GThread *thread = NULL;

  run.said_us = g_get_monotonic_time();
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
