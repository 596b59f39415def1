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

static void
test_draws(void)
{
  struct winsize size = {.ws_row = 24, .ws_col = 60};
  int saved = dup(STDERR_FILENO);
  int slave = -1;
  int number = 0;
  g_autoptr(GError) error = NULL;
  int status = 0;

  g_setenv("TERM", "xterm", TRUE);
  g_assert_cmpint(openpty(&terminal, &slave, NULL, NULL, &size), ==, 0);
  g_assert_cmpint(dup2(slave, STDERR_FILENO), ==, STDERR_FILENO);
  status = run(draw, &number, &error);
  expect("\r\033[K");
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(slave);
  close(terminal);
  g_assert_no_error(error);
  g_assert_cmpint(status, ==, 7);
  g_assert_cmpint(number, ==, 0);
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
  g_test_add_func("/main-loop/signal", test_signal);
  return g_test_run();
}
