/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "archive/kslurm-archive-load.h"
#include "base/util/kslurm-error.h"

/* for the tests: the archive layer without the program around it */
int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = FALSE;

  setlocale(LC_ALL, "");
  if (argc == 5 && g_str_equal(argv[1], "load"))
    ok = kslurm_archive_load(argv[2], argv[3], (guint)atoi(argv[4]), NULL, NULL, &error);
  else
    g_printerr("pack: load ARCHIVE FOLDER WORKERS\n");
  if (error != NULL)
    g_printerr("pack: %s\n", error->message);
  return ok ? 0 : error != NULL ? kslurm_error_get_exit_status(error) : 2;
}
