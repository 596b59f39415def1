/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-process.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"

static const struct {
  const char *script; /* for sh */
  const char *input;  /* or NULL */
  int status;
  const char *output, *errors;
} cases[] = {
    {"echo out; echo err >&2; exit 3", NULL, 3, "out\n", "err\n"},
    {"true", NULL, 0, "", ""},
    {"exit 255", NULL, 255, "", ""},
    {"kill -KILL $$", NULL, 128 + SIGKILL, "", ""},
    {"cat", NULL, 0, "", ""},
    {"cat", "a\xff\nb", 0, "a\xff\nb", ""},
    {"cat", "", 0, "", ""},
    /* sbatch reads a script from /dev/stdin by its name */
    {"cat /dev/stdin /dev/stdin", "twice ", 0, "twice twice ", ""},
    {"exec >&- 2>&-; sleep 0.1; exit 4", NULL, 4, "", ""},
    /* of a group of its own: Ctrl-C on the terminal is not for it */
    {"[ \"$(cut -d' ' -f5 /proc/$$/stat)\" = $$ ] && echo own", NULL, 0, "own\n", ""},
    /* what we ignore or block, the program gets */
    {"kill -PIPE $$; echo alive", NULL, 128 + SIGPIPE, "", ""},
    {"kill -USR1 $$; echo alive", NULL, 128 + SIGUSR1, "", ""},
};

static void
test_run(void)
{
  sigset_t usr1, before;

  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  sigprocmask(SIG_BLOCK, &usr1, &before);
  signal(SIGPIPE, SIG_IGN);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *const argv[] = {"sh", "-c", cases[i].script, NULL};
    g_autoptr(GBytes) input =
        cases[i].input != NULL ? g_bytes_new_static(cases[i].input, strlen(cases[i].input))
                               : NULL;
    const KslurmProcessSpec spec = {.argv = argv, .input = input};
    g_autoptr(GError) error = NULL;
    g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, NULL, &error);

    g_test_message("%s", cases[i].script);
    g_assert_no_error(error);
    g_assert_cmpint(result->status, ==, cases[i].status);
    g_assert_cmpstr(result->output, ==, cases[i].output);
    g_assert_cmpstr(result->errors, ==, cases[i].errors);
    g_assert_false(result->cancelled);
  }
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &before, NULL);
}

/* more than a pipe holds, on both ends at once, and a word that a shell would change */
static void
test_much(void)
{
  static const char word[] = "a 'b' $(c) \xff";
  g_autofree char *text = g_strnfill(1 << 20, 'y');
  g_autoptr(GBytes) input = g_bytes_new_static(text, 1 << 20);
  const char *const argv[] = {"sh", "-c", "tee /dev/stderr; printf %s \"$1\"",
                              "-",  word, NULL};
  const KslurmProcessSpec spec = {.argv = argv, .input = input};
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, NULL, &error);

  g_assert_no_error(error);
  g_assert_cmpuint(strlen(result->errors), ==, 1 << 20);
  g_assert_cmpuint(strlen(result->output), ==, (1 << 20) + strlen(word));
  g_assert_cmpstr(result->output + (1 << 20), ==, word);
}

static void
test_binary(void)
{
  static const char data[] = "a\0\xff\n";
  g_autoptr(GBytes) input = g_bytes_new_static(data, 4);
  const char *const argv[] = {"od", "-An", "-tx1", NULL};
  const KslurmProcessSpec spec = {.argv = argv, .input = input};
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, NULL, NULL);

  g_assert_cmpstr(result->output, ==, " 61 00 ff 0a\n");
}

static void
test_environment(void)
{
  const char *const argv[] = {"sh", "-c", "echo $A-$KSLURM_TEST_HERE", NULL};
  const char *const envp[] = {"A=1", NULL};
  const KslurmProcessSpec given = {.argv = argv, .envp = envp}, ours = {.argv = argv};
  g_autoptr(KslurmProcessResult) first = NULL;
  g_autoptr(KslurmProcessResult) second = NULL;

  g_setenv("KSLURM_TEST_HERE", "2", TRUE);
  first = kslurm_process_run(&given, NULL, NULL);
  second = kslurm_process_run(&ours, NULL, NULL);
  g_assert_cmpstr(first->output, ==, "1-\n");
  g_assert_cmpstr(second->output, ==, "-2\n");
}

typedef struct {
  guint started, waiting;
} Calls;

static void
count_started(gpointer data)
{
  ((Calls *)data)->started++;
}

static void
count_waiting(const char *output, gpointer data)
{
  g_assert_cmpstr(output, ==, "");
  ((Calls *)data)->waiting++;
}

static void
test_failure(void)
{
  static const struct {
    const char *program;
    int code;
    const char *message;
  } programs[] = {
      {"kslurm-no-such-program", KSLURM_ERROR_NOT_FOUND,
       "'kslurm-no-such-program' is not on the PATH; this needs a machine with Slurm's "
       "programs, or try 'kslurm sandbox'"},
      {"/", G_IO_ERROR_PERMISSION_DENIED, "cannot run '/': Permission denied"},
      {"/dev/null", G_IO_ERROR_PERMISSION_DENIED,
       "cannot run '/dev/null': Permission denied"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(programs); i++) {
    const char *const argv[] = {programs[i].program, NULL};
    Calls calls = {0, 0};
    const KslurmProcessSpec spec = {.argv = argv, .started = count_started, .data = &calls};
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) exec_error = NULL;

    g_assert_null(kslurm_process_run(&spec, NULL, &error));
    g_assert_true(
        g_error_matches(error, i == 0 ? KSLURM_ERROR : G_IO_ERROR, programs[i].code));
    g_assert_cmpstr(error->message, ==, programs[i].message);
    g_assert_cmpuint(calls.started, ==, 1);
    g_assert_false(kslurm_process_exec(argv, NULL, &exec_error));
    g_assert_cmpstr(exec_error->message, ==, programs[i].message);
  }
}

/* every process that inherits the pipe's end must be gone, or the test waits in vain */
static void
check_end(gboolean cancel, int code, const char *message)
{
  const char *const argv[] = {"sh", "-c", "sleep 60 & sleep 60", NULL};
  const KslurmProcessSpec spec = {.argv = argv, .timeout_ms = cancel ? 0 : 1000};
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  int ends[2] = {-1, -1};
  struct pollfd fd = {-1, POLLIN, 0};

  g_assert_cmpint(pipe(ends), ==, 0);
  if (cancel)
    g_cancellable_cancel(cancellable);
  g_assert_null(kslurm_process_run(&spec, cancellable, &error));
  close(ends[1]);
  fd.fd = ends[0];
  g_assert_cmpint(poll(&fd, 1, 20000), ==, 1);
  close(ends[0]);
  g_assert_error(error, G_IO_ERROR, code);
  g_assert_cmpstr(error->message, ==, message);
}

static void
test_end(void)
{
  check_end(TRUE, G_IO_ERROR_CANCELLED, "cancelled");
  check_end(FALSE, G_IO_ERROR_TIMED_OUT, "'sh' gave no answer within 1 s");
}

/* neither a cancel nor the limit ends what is kept */
static void
check_keep(gconstpointer data)
{
  gboolean cancel = GPOINTER_TO_INT(data);
  const char *const argv[] = {"sh", "-c", "sleep 0.3; echo 4711", NULL};
  Calls calls = {0, 0};
  const KslurmProcessSpec spec = {.argv = argv,
                                  .keep = TRUE,
                                  .timeout_ms = 1,
                                  .started = count_started,
                                  .waiting = count_waiting,
                                  .data = &calls};
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmProcessResult) result = NULL;

  if (cancel)
    g_cancellable_cancel(cancellable);
  result = kslurm_process_run(&spec, cancellable, &error);
  g_assert_no_error(error);
  g_assert_cmpint(result->cancelled, ==, cancel);
  g_assert_cmpstr(result->output, ==, "4711\n");
  g_assert_cmpuint(calls.started, ==, 1);
  g_assert_cmpuint(calls.waiting, ==, cancel ? 1 : 0);
}

static void
test_exec(void)
{
  const char *const argv[] = {"sh", "-c", "kill -TERM $$; exit $A", NULL};
  const char *const envp[] = {"A=7", NULL};
  int wait_status = 0;
  pid_t pid = fork();

  if (pid == 0) {
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    kslurm_process_exec(argv, envp, NULL);
    _exit(99);
  }
  g_assert_cmpint(waitpid(pid, &wait_status, 0), ==, pid);
  g_assert_cmpint(kslurm_process_exit_status(wait_status), ==, 128 + SIGTERM);
}

static void
test_status(void)
{
  static const struct {
    int wait_status, status;
  } statuses[] = {{W_EXITCODE(0, 0), 0},
                  {W_EXITCODE(3, 0), 3},
                  {W_EXITCODE(255, 0), 255},
                  {W_EXITCODE(0, SIGINT), 130},
                  {W_EXITCODE(0, SIGSEGV) | WCOREFLAG, 139}};

  for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++)
    g_assert_cmpint(kslurm_process_exit_status(statuses[i].wait_status), ==,
                    statuses[i].status);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/process/run", test_run);
  g_test_add_func("/process/much", test_much);
  g_test_add_func("/process/binary", test_binary);
  g_test_add_func("/process/environment", test_environment);
  g_test_add_func("/process/failure", test_failure);
  g_test_add_func("/process/end", test_end);
  g_test_add_data_func("/process/keep/limit", GINT_TO_POINTER(FALSE), check_keep);
  g_test_add_data_func("/process/keep/cancel", GINT_TO_POINTER(TRUE), check_keep);
  g_test_add_func("/process/exec", test_exec);
  g_test_add_func("/process/status", test_status);
  return g_test_run();
}
