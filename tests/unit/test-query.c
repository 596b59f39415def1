/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-query.h"

#include "base/util/kslurm-error.h"
#include "unit.h"

#define ADVICE                                                                             \
  "the Slurm controller does not answer; it may be back in some minutes: try 'sinfo'"

static void
test_advice(void)
{
  static const struct {
    const char *message;
    const char *advice;
  } cases[] = {{"Unable to contact slurm controller (connect failure)", ADVICE},
               {"Socket timed out on send/recv operation", ADVICE},
               {"Invalid account", NULL},
               {"", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpstr(kslurm_query_advise(cases[i].message), ==, cases[i].advice);
}

static char *
run_shell(const char *code, int timeout_ms, GCancellable *cancellable, GError **error)
{
  const char *const argv[] = {"sh", "-c", code, NULL};

  return kslurm_query_run(argv, timeout_ms, cancellable, error);
}

static void
test_failed(void)
{
  static const struct {
    const char *code, *message;
  } cases[] = {
      {"exit 1", "'sh' failed: "},
      {"echo out; echo plain words >&2; exit 1", "'sh' failed: plain words"},
      {"echo 'squeue: error: Invalid user: x' >&2; exit 1", "'sh' failed: Invalid user: x"},
      {"printf 'x: error: one\\ny: error: two\\n' >&2; exit 1", "'sh' failed: two"},
      {"printf 'error: \\033[2Jred\\377\\n' >&2; exit 1", "'sh' failed: [2Jred�"},
      {"echo 'error: Unable to contact slurm controller (connect failure)' >&2; "
       "exit 1",
       "'sh' failed: Unable to contact slurm controller (connect failure)\n" ADVICE},
      {"kill -9 $$", "'sh' failed: "}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null(run_shell(cases[i].code, KSLURM_QUERY_MS, NULL, &error));
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, cases[i].message);
  }
}

static void
test_done(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *output =
      run_shell("echo a; echo 'error: b' >&2", KSLURM_QUERY_MS, NULL, &error);

  g_assert_no_error(error);
  g_assert_cmpstr(output, ==, "a\n");
}

static void
test_no_answer(void)
{
  const char *const argv[] = {"kslurm-no-such-program", NULL};
  g_autoptr(GCancellable) cancelled = g_cancellable_new();
  g_autoptr(GError) late = NULL;
  g_autoptr(GError) cancel = NULL;
  g_autoptr(GError) missing = NULL;

  g_assert_null(run_shell("sleep 60", 1000, NULL, &late));
  unit_assert_error(late, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                    "'sh' gave no answer within 1 s\n" ADVICE);
  g_cancellable_cancel(cancelled);
  g_assert_null(run_shell("sleep 60", KSLURM_QUERY_MS, cancelled, &cancel));
  unit_assert_error(cancel, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_assert_null(kslurm_query_run(argv, KSLURM_QUERY_MS, NULL, &missing));
  g_assert_error(missing, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
}

static void
test_environ(void)
{
  static const char *const given[] = {"SQUEUE_STATES=CD",     "SLURM_TIME_FORMAT=relative",
                                      "SLURM_TIME_FORMATS=x", "SINFO_FORMAT=",
                                      "SLURM_CONF=/c",        NULL};
  g_auto(GStrv) environ = kslurm_query_clear_environ(g_strdupv((char **)given));
  g_autofree char *left = g_strjoinv(" ", environ);

  g_assert_null(g_environ_getenv(environ, "SQUEUE_STATES"));
  g_assert_null(g_environ_getenv(environ, "SLURM_TIME_FORMAT"));
  g_assert_null(g_environ_getenv(environ, "SINFO_FORMAT"));
  g_assert_cmpstr(g_environ_getenv(environ, "SLURM_TIME_FORMATS"), ==, "x");
  g_assert_cmpstr(g_environ_getenv(environ, "SLURM_CONF"), ==, "/c");
  g_assert_cmpuint(strlen(left), ==, strlen("SLURM_TIME_FORMATS=x SLURM_CONF=/c"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/query/advice", test_advice);
  g_test_add_func("/query/failed", test_failed);
  g_test_add_func("/query/done", test_done);
  g_test_add_func("/query/no-answer", test_no_answer);
  g_test_add_func("/query/environ", test_environ);
  return g_test_run();
}
