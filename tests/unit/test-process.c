/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-process.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "unit.h"

static KslurmProcessResult *
run_shell(const char *code, GBytes *input)
{
  const char *const argv[] = {"sh", "-c", code, NULL};
  const KslurmProcessSpec spec = {.argv = argv, .input = input};
  g_autoptr(GError) error = NULL;
  KslurmProcessResult *result = kslurm_process_run(&spec, NULL, &error);

  g_assert_no_error(error);
  g_assert_false(result->cancelled);
  return result;
}

static void
test_result(void)
{
  static const struct {
    const char *code;
    int status;
    const char *output, *errors;
  } cases[] = {{"true", 0, "", ""},
               {"exit 3", 3, "", ""},
               {"kill -9 $$", 137, "", ""},
               {"kill -TERM $$", 143, "", ""},
               {"echo a; echo b >&2; exit 255", 255, "a\n", "b\n"},
               {"printf '\\377\\001é'", 0, "\xff\x01é", ""},
               {"cat", 0, "", ""}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmProcessResult) result = run_shell(cases[i].code, NULL);

    g_assert_cmpint(result->status, ==, cases[i].status);
    g_assert_cmpstr(result->output, ==, cases[i].output);
    g_assert_cmpstr(result->errors, ==, cases[i].errors);
  }
}

/* more than a pipe holds, on both at once and in either order */
static void
test_large(void)
{
  g_autofree char *text = unit_repeat("0123456789abcdef", 1 << 16);
  g_autoptr(GBytes) input = g_bytes_new_static(text, strlen(text));
  g_autoptr(KslurmProcessResult) result =
      run_shell("cat /dev/stdin >&2; cat /dev/stdin /dev/stdin", input);
  g_autofree char *twice = g_strconcat(text, text, NULL);

  g_assert_true(g_str_equal(result->errors, text));
  g_assert_true(g_str_equal(result->output, twice));
}

static void
test_input(void)
{
  g_autoptr(GBytes) binary = g_bytes_new_static("a\0\xff\n", 4);
  g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
  g_autoptr(KslurmProcessResult) counted = run_shell("wc -c; readlink /proc/self/fd/0 | "
                                                     "grep -c memfd",
                                                     binary);
  g_autoptr(KslurmProcessResult) none = run_shell("wc -c", empty);

  g_assert_cmpstr(g_strstrip(counted->output), ==, "4\n1");
  g_assert_cmpstr(g_strstrip(none->output), ==, "0");
}

static void
count(gpointer data)
{
  ++*(int *)data;
}

/* the PATH that counts is the one that the program gets */
static void
test_exec(void)
{
  g_autofree char *folder = g_dir_make_tmp("kslurm-process-XXXXXX", NULL);
  g_autofree char *tool = g_build_filename(folder, "kslurm-tool", NULL);
  g_autofree char *path = g_strconcat("PATH=", folder, ":/usr/bin:/bin", NULL);
  const char *const argv[] = {"kslurm-tool", NULL};
  const char *const envp[] = {path, NULL};
  int wait_status = 0;
  pid_t child = 0;

  g_assert_true(g_file_set_contents_full(tool, "#!/bin/sh\nexit 7\n", -1,
                                         G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  child = fork();
  if (child == 0) {
    kslurm_process_exec(argv, envp, NULL);
    _exit(1);
  }
  g_assert_cmpint(waitpid(child, &wait_status, 0), ==, child);
  g_assert_cmpint(kslurm_process_exit_status(wait_status), ==, 7);
  g_unlink(tool);
  g_rmdir(folder);
}

static void
test_not_run(void)
{
  static const struct {
    const char *program;
    GQuark (*domain)(void);
    int code;
    const char *message;
  } cases[] = {{"kslurm-no-such-program", kslurm_error_quark, KSLURM_ERROR_NOT_FOUND,
                "'kslurm-no-such-program' is not on the PATH"},
               {"/etc/passwd", g_io_error_quark, G_IO_ERROR_PERMISSION_DENIED,
                "cannot run '/etc/passwd': Permission denied"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *const argv[] = {cases[i].program, NULL};
    int started = 0;
    const KslurmProcessSpec spec = {.argv = argv, .started = count, .data = &started};
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_process_run(&spec, NULL, &error));
    unit_assert_error(error, cases[i].domain(), cases[i].code, cases[i].message);
    g_assert_cmpint(started, ==, 1);
    g_clear_error(&error);
    g_assert_false(kslurm_process_exec(argv, NULL, &error));
    unit_assert_error(error, cases[i].domain(), cases[i].code, cases[i].message);
  }
}

/* children that hold the pipes end with it, and one that closed them does not escape */
static void
test_time_limit(void)
{
  static const char *const lines[] = {"sleep 61 & sleep 62", "exec >&- 2>&-; sleep 63"};

  for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
    const char *const argv[] = {"sh", "-c", lines[i], NULL};
    const KslurmProcessSpec spec = {.argv = argv, .timeout_ms = 1000};
    gint64 start = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_process_run(&spec, NULL, &error));
    unit_assert_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                      "'sh' gave no answer within 1 s");
    g_assert_cmpint(g_get_monotonic_time() - start, >=, G_USEC_PER_SEC);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 30 * G_USEC_PER_SEC);
  }
}

static void
cancel_when_started(gpointer data)
{
  g_cancellable_cancel(data);
}

static void
test_cancel(void)
{
  const char *const argv[] = {"sleep", "60", NULL};
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  const KslurmProcessSpec spec = {
      .argv = argv, .started = cancel_when_started, .data = cancellable};
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_process_run(&spec, cancellable, &error));
  unit_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

typedef struct {
  GCancellable *cancellable;
  int waited;
} Kept;

static void
cancel_kept(gpointer data)
{
  g_cancellable_cancel(((Kept *)data)->cancellable);
}

static void
say_waiting(const char *output, gpointer data)
{
  g_assert_cmpstr(output, ==, "");
  ((Kept *)data)->waited++;
}

static void
test_keep(void)
{
  const char *const argv[] = {"sh", "-c", "sleep 0.3; echo 42; exit 5", NULL};
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  Kept kept = {cancellable, 0};
  const KslurmProcessSpec spec = {.argv = argv,
                                  .timeout_ms = 1,
                                  .keep = TRUE,
                                  .started = cancel_kept,
                                  .waiting = say_waiting,
                                  .data = &kept};
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, cancellable, &error);

  g_assert_no_error(error);
  g_assert_true(result->cancelled);
  g_assert_cmpint(result->status, ==, 5);
  g_assert_cmpstr(result->output, ==, "42\n");
  g_assert_cmpint(kept.waited, ==, 1);
}

/* a job must not inherit what we ignore, nor where our Ctrl-C goes */
static void
test_surroundings(void)
{
  const char *const envp[] = {"ONLY=this", "PATH=/bin:/usr/bin", NULL};
  const char *const argv[] = {"sh", "-c", "echo $ONLY; kill -INT $$; echo survived", NULL};
  const KslurmProcessSpec spec = {.argv = argv, .envp = envp};
  g_autoptr(KslurmProcessResult) result = NULL;

  signal(SIGINT, SIG_IGN);
  result = kslurm_process_run(&spec, NULL, NULL);
  signal(SIGINT, SIG_DFL);
  g_assert_cmpint(result->status, ==, 128 + SIGINT);
  g_assert_cmpstr(result->output, ==, "this\n");
}

static void
test_group(void)
{
  g_autoptr(KslurmProcessResult) result = run_shell("echo $$; ps -o pgid= -p $$", NULL);
  g_auto(GStrv) lines = g_strsplit(g_strstrip(result->output), "\n", -1);

  g_assert_cmpuint(g_strv_length(lines), ==, 2);
  g_assert_cmpstr(g_strstrip(lines[1]), ==, lines[0]);
}

static void
test_gone(void)
{
  pid_t child = fork();
  siginfo_t ended;

  if (child == 0)
    _exit(0);
  g_assert_false(kslurm_process_is_gone(getpid()));
  g_assert_cmpint(waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT), ==, 0);
  g_assert_true(kslurm_process_is_gone(child));
  g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
  g_assert_true(kslurm_process_is_gone(child));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/process/result", test_result);
  g_test_add_func("/process/large", test_large);
  g_test_add_func("/process/input", test_input);
  g_test_add_func("/process/exec", test_exec);
  g_test_add_func("/process/not-run", test_not_run);
  g_test_add_func("/process/time-limit", test_time_limit);
  g_test_add_func("/process/cancel", test_cancel);
  g_test_add_func("/process/keep", test_keep);
  g_test_add_func("/process/surroundings", test_surroundings);
  g_test_add_func("/process/group", test_group);
  g_test_add_func("/process/gone", test_gone);
  return g_test_run();
}
