/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-main-loop.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/args/kslurm-main.h"

static int terminal = -1; /* what is drawn can be read here */

/* waits for a drawing to come, however long that takes */
static void
expect(const char *what)
{
  g_autoptr(GString) text = g_string_new(NULL);
  char buffer[256];

  while (strstr(text->str, what) == NULL) {
    gssize got = read(terminal, buffer, sizeof buffer);

    g_assert_cmpint(got, >, 0);
    g_string_append_len(text, buffer, got);
  }
}

static int
draw(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  KslurmProgress *progress = kslurm_call_get_progress(call);

  kslurm_progress_begin(progress, "saving 'x'", 1000, 0);
  expect("\rsaving 'x'");
  kslurm_progress_add(progress, 1000, 3);
  expect("1.0 kB of 1.0 kB");
  kslurm_progress_end(progress);
  expect("\r\033[K");
  kslurm_progress_begin(progress, "loading", 0, 0);
  expect("\rloading\033[K");
  kslurm_progress_end(progress);
  kslurm_call_note(call, "a note");
  kslurm_call_print_notes(call);
  expect("\r\033[Kx: a note\r\n");
  kslurm_progress_begin(progress, "more", 0, 0);
  expect("\rmore\033[K");
  return 7;
}

static int
draw_parts(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  KslurmProgress *progress = kslurm_call_get_progress(call);
  g_autoptr(KslurmProgress) part = kslurm_progress_new();

  kslurm_progress_add_part(progress, part);
  kslurm_progress_begin(part, "part", 0, 0);
  kslurm_progress_begin(progress, "all", 0, 0);
  expect("\rpart\033[K\r\nall\033[K\r\033[1Apart\033[K");
  kslurm_progress_end(part);
  expect("\r\033[1A\033[J\rall\033[K");
  kslurm_progress_drop_parts(progress);
  return 0;
}

static int
say(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  KslurmProgress *progress = kslurm_call_get_progress(call);

  kslurm_progress_begin(progress, "pulling 'x'", 1000, 0);
  kslurm_progress_set_log(progress, 1);
  expect("pulling 'x'  0 bytes of 1.0 kB\n");
  return 0;
}

static int
be_terminated(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  struct pollfd fd = {g_cancellable_get_fd(cancellable), POLLIN, 0};

  kill(getpid(), SIGTERM);
  while (poll(&fd, 1, -1) < 0)
    ;
  g_cancellable_release_fd(cancellable);
  g_cancellable_set_error_if_cancelled(cancellable, error);
  return 1;
}

static int
run(int (*verb)(KslurmCall *, GCancellable *, GError **), int *number, GError **error)
{
  static const KslurmArg *const args[] = {kslurm_args_common, NULL};
  const KslurmVerb program = {.name = "x", .args = args, .waits = TRUE, .run = verb};
  const char *const argv[] = {"x", NULL};
  g_autoptr(KslurmCall) call = kslurm_call_new(&program, argv);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();

  g_assert_true(kslurm_call_scan(call, NULL));
  return kslurm_main_loop_run(call, cancellable, number, error);
}

/* gives the status; 'writer' becomes stderr, which 'terminal' reads */
static int
run_shown(int (*verb)(KslurmCall *, GCancellable *, GError **), int writer, const char *end)
{
  int saved = dup(STDERR_FILENO);
  int number = 0, status = 0;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint(dup2(writer, STDERR_FILENO), ==, STDERR_FILENO);
  status = run(verb, &number, &error);
  expect(end);
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(writer);
  close(terminal);
  g_assert_no_error(error);
  g_assert_cmpint(number, ==, 0);
  return status;
}

static void
test_draws(void)
{
  struct winsize size = {.ws_row = 24, .ws_col = 60};
  int slave = -1;

  g_setenv("TERM", "xterm", TRUE);
  g_assert_cmpint(openpty(&terminal, &slave, NULL, NULL, &size), ==, 0);
  g_assert_cmpint(run_shown(draw, slave, "\r\033[K"), ==, 7);
  g_assert_cmpint(openpty(&terminal, &slave, NULL, NULL, &size), ==, 0);
  g_assert_cmpint(run_shown(draw_parts, slave, "\r\033[K"), ==, 0);
}

static void
test_says(void)
{
  int ends[2];

  g_assert_cmpint(pipe(ends), ==, 0);
  terminal = ends[0];
  g_assert_cmpint(run_shown(say, ends[1], ""), ==, 0);
}

static void
test_signal(void)
{
  g_autoptr(GError) error = NULL;
  int number = 0;

  run(be_terminated, &number, &error);
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint(number, ==, SIGTERM);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/main-loop/draws", test_draws);
  g_test_add_func("/main-loop/says", test_says);
  g_test_add_func("/main-loop/signal", test_signal);
  return g_test_run();
}
