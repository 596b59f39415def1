/* SPDX-License-Identifier: MIT */
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>

#include "archive/kslurm-archive.h"

/* drives the archive layer without kpy: pack [OPTION…] save PREFIX ARCHIVE | load ARCHIVE
 * FOLDER | facts ARCHIVE
 */

static gboolean opt_replace, opt_progress;
static int opt_workers;

static const GOptionEntry entries[] = {
    {"replace", 'f', 0, G_OPTION_ARG_NONE, &opt_replace, NULL, NULL},
    {"progress", 'p', 0, G_OPTION_ARG_NONE, &opt_progress, NULL, NULL},
    {"workers", 'w', 0, G_OPTION_ARG_INT, &opt_workers, NULL, NULL},
    {NULL}};

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
print_facts(const KslurmVenvFacts *facts)
{
  g_autofree char *json = kslurm_venv_facts_to_json(facts);

  g_print("%s\n", json);
  return TRUE;
}

static gboolean
save(const char *prefix, const char *path, guint workers, GError **error)
{
  g_autoptr(KslurmVenvFacts) facts = kslurm_venv_facts_read(prefix, error);
  g_autoptr(KslurmProgress) progress = opt_progress ? kslurm_progress_new() : NULL;

  return facts != NULL &&
         kslurm_archive_save(prefix, facts, path, opt_replace, workers, progress,
                             cancellable, error) &&
         print_facts(facts);
}

static gboolean
show_facts(const char *path, GError **error)
{
  g_autoptr(KslurmVenvFacts) facts = kslurm_archive_read_facts(path, error);

  return facts != NULL && print_facts(facts);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  guint workers = 0;

  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, &argc, &argv, error))
    return FALSE;
  workers = opt_workers > 0 ? (guint)opt_workers : kslurm_archive_count_workers(FALSE);
  if (argc == 4 && g_str_equal(argv[1], "save"))
    return save(argv[2], argv[3], workers, error);
  if (argc == 4 && g_str_equal(argv[1], "load"))
    return kslurm_archive_load(argv[2], argv[3], workers, NULL, cancellable, error);
  if (argc == 3 && g_str_equal(argv[1], "facts"))
    return show_facts(argv[2], error);
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
