/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-main.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/args/kslurm-call-private.h"
#include "base/args/kslurm-complete.h"
#include "base/args/kslurm-help.h"
#include "base/args/kslurm-main-loop.h"
#include "base/args/kslurm-output.h"
#include "base/util/kslurm-error-private.h"

/* the rows of every command; those without help are for the build and the manual */
static KslurmTake
take_help_form(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  if (text == NULL || g_str_equal(text, "rst"))
    return KSLURM_TAKE_YES;
  kslurm_set_usage(error, _("'--help' takes no value"));
  return KSLURM_TAKE_ERROR;
}

const KslurmArg kslurm_args_common[] = {
    {.kind = KSLURM_ARG_FLAG, .name = "quiet", .help = N_("say only what goes wrong")},
    {.kind = KSLURM_ARG_FLAG, .name = "verbose", .help = N_("say more of what is done")},
    {.kind = KSLURM_ARG_FLAG, .name = "version", .help = N_("show the version")},
    {.kind = KSLURM_ARG_FLAG,
     .letter = 'h',
     .name = "help",
     .help = N_("show this help"),
     .take = take_help_form},
    {0}};

static int
fail(KslurmCall *call, const GError *error)
{
  kslurm_call_print_notes(call);
  g_printerr("%s: %s\n", call->program->name, error->message);
  kslurm_output_print_code(call, (const char *const[]){"false", NULL});
  return kslurm_error_get_exit_status(error);
}

static int
run_verb(KslurmCall *call)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  int number = 0;
  int status = call->verb->waits ? kslurm_main_loop_run(call, cancellable, &number, &error)
                                 : call->verb->run(call, cancellable, &error);

  if (error != NULL && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return fail(call, error);
  kslurm_call_print_notes(call);
  if (error == NULL)
    return status;
  kslurm_output_print_code(call, (const char *const[]){"false", NULL});
  return 128 + (number != 0 ? number : SIGINT);
}

static char *
dup_command(KslurmCall *call)
{
  GString *command = g_string_new(call->program->name);
  const KslurmVerb *verb = call->program;

  for (gsize i = 1; call->argv[i] != NULL && verb != call->verb; i++) {
    for (const KslurmVerb *v = verb->verbs; v != NULL && v->name != NULL; v++) {
      if (g_str_equal(v->name, call->argv[i])) {
        g_string_append_printf(command, " %s", v->name);
        verb = v;
        break;
      }
    }
  }
  return g_string_free(command, FALSE);
}

static int
show_help(KslurmCall *call, gboolean asked)
{
  g_autofree char *command = dup_command(call);
  g_autofree char *text = kslurm_call_get(call, "help") != NULL
                              ? kslurm_help_to_rst(command, call->verb)
                              : kslurm_help_to_text(command, call->verb);

  if (asked)
    kslurm_output_print(call, text);
  else
    g_printerr("%s", text);
  return asked ? 0 : 2;
}

static int
finish(int status)
{
  /* a result that could not be written is no success: a full disk behind '>' */
  if (fflush(stdout) != 0 && status == 0) {
    g_printerr("%s: %s\n", g_get_prgname(), g_strerror(errno));
    return 1;
  }
  return status;
}

/* an installed tree works from any place: messages are looked up beside the program */
static void
bind_messages(void)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *bin = self != NULL ? g_path_get_dirname(self) : NULL;
  g_autofree char *prefix = bin != NULL ? g_path_get_dirname(bin) : NULL;
  g_autofree char *near =
      prefix != NULL ? g_build_filename(prefix, "share/locale", NULL) : NULL;
  gboolean found = near != NULL && g_file_test(near, G_FILE_TEST_IS_DIR);

  bindtextdomain(GETTEXT_PACKAGE, found ? near : KSLURM_LOCALEDIR);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
}

/* where a stream is closed, a file that we open must not become what we print to */
static void
fill_streams(void)
{
  int fd = 0;

  do
    fd = open("/dev/null", O_RDONLY);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close(fd);
}

/**
 * kslurm_main: (skip)
 * @program: the program's table
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * The shared main: messages, the table, help, version, completion, notes, errors and exit
 * status of every program.
 *
 * Returns: the exit status
 */
int
kslurm_main(const KslurmVerb *program, int argc, char **argv)
{
  g_autoptr(KslurmCall) call = NULL;
  g_autoptr(GError) error = NULL;

  fill_streams();
  setlocale(LC_ALL, "");
  g_set_prgname(program->name);
  bind_messages();
  if (argc > 1 && g_str_equal(argv[1], "--complete"))
    return finish(kslurm_complete(program, (const char *const *)argv + 2));
  call = kslurm_call_new(program, (const char *const *)argv);
  if (!kslurm_call_scan(call, &error))
    return fail(call, error);
  if (kslurm_call_has(call, "help"))
    return finish(show_help(call, TRUE));
  if (kslurm_call_has(call, "version")) {
    printf("%s %s\n", program->name, KSLURM_VERSION);
    return finish(0);
  }
  if (call->verb->run == NULL)
    return show_help(call, FALSE);
  kslurm_call_print_notes(call);
  return finish(run_verb(call));
}
