/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <stdlib.h>

#include "archive/kslurm-image.h"
#include "archive/kslurm-squash.h"
#include "base/venv/kslurm-mount.h"

/* drives images without kpy: squash image ARCHIVE IMAGE [WORKERS] | mount IMAGE FOLDER CMD…
 */

static gboolean
make_image(char **words, int count, GError **error)
{
  guint workers = count > 2 ? (guint)atoi(words[2]) : 2;
  g_auto(GStrv) unknown = NULL;

  if (!kslurm_squash_ensure(words[0], words[1], workers, &unknown, NULL, NULL, error))
    return FALSE;
  for (char **name = unknown; name != NULL && *name != NULL; name++)
    g_print("%s\n", *name);
  return TRUE;
}

typedef struct {
  char **words;
  GError *error;
} Run;

static gpointer
run_thread(gpointer data)
{
  Run *run = data;
  g_auto(GStrv) envp = g_get_environ();
  g_autoptr(KslurmImage) image =
      kslurm_image_prepare(run->words[0], "sci", run->words[1], 2, NULL, NULL, &run->error);

  if (image != NULL)
    kslurm_image_exec(image, (const char *const *)run->words + 2, (const char *const *)envp,
                      &run->error);
  return NULL;
}

/* in a thread, as a program's long verbs are */
static gboolean
run_mounted(char **words, GError **error)
{
  Run run = {words, NULL};

  g_thread_join(g_thread_new("run", run_thread, &run));
  g_propagate_error(error, run.error);
  return FALSE;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(GStrv) envp = g_get_environ();

  if (argc >= 4 && g_str_equal(argv[1], "image"))
    return make_image(argv + 2, argc - 2, error);
  if (argc >= 5 && g_str_equal(argv[1], "run"))
    return run_mounted(argv + 2, error);
  if (argc >= 5 && g_str_equal(argv[1], KSLURM_IMAGE_VERB))
    return kslurm_mount_enter(argv[2], argv[3], error) &&
           kslurm_mount_exec(argv[3], (const char *const *)argv + 4,
                             (const char *const *)envp, error);
  g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "no such verb");
  return FALSE;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  setlocale(LC_ALL, "");
  if (run(argc, argv, &error))
    return 0;
  g_printerr("%s %d: %s\n", g_quark_to_string(error->domain), error->code, error->message);
  return 1;
}
