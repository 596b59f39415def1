/* SPDX-License-Identifier: MIT */
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>

#include "archive/kslurm-archive.h"

/* drives the archive layer without kpy: pack [OPTION…] load ARCHIVE FOLDER */

static int opt_workers = 2;

static const GOptionEntry entries[] = {
    {"workers", 'w', 0, G_OPTION_ARG_INT, &opt_workers, NULL, NULL}, {NULL}};

static GCancellable *cancellable;

static void *
await_interrupt(void *data)
{
  int number = 0;

  sigwait(data, &number);
  g_cancellable_cancel(cancellable);
  return NULL;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);

  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, &argc, &argv, error))
    return FALSE;
  if (argc == 4 && g_str_equal(argv[1], "load"))
    return kslurm_archive_load(argv[2], argv[3], (guint)opt_workers, NULL, cancellable,
                               error);
  g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "no such verb");
  return FALSE;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  sigset_t interrupt;

  setlocale(LC_ALL, "");
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  sigprocmask(SIG_BLOCK, &interrupt, NULL);
  cancellable = g_cancellable_new();
  g_thread_unref(g_thread_new("interrupt", await_interrupt, &interrupt));
  if (run(argc, argv, &error))
    return 0;
  g_printerr("%s %d: %s\n", g_quark_to_string(error->domain), error->code, error->message);
  return 1;
}
