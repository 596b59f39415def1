/* SPDX-License-Identifier: MIT */
#include <locale.h>

#include "base/venv/kslurm-venv-places.h"
#include "base/venv/kslurm-venv-relocate.h"

/* relocate PREFIX TO [PLACE…]: makes the environment in PREFIX name TO; says where it was,
 * and which files still name that */
int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmRelocation) relocation = NULL;
  g_auto(GStrv) places = NULL;
  g_auto(GStrv) unknown = NULL;

  setlocale(LC_ALL, "");
  if (argc < 3)
    return 2;
  places = argc > 3 ? g_strdupv(argv + 3) : kslurm_venv_find_places(argv[1], &error);
  if (places != NULL)
    relocation = kslurm_relocation_new((const char *const *)places, argv[2], &error);
  if (relocation == NULL ||
      !kslurm_venv_relocate(argv[1], relocation, NULL, &unknown, NULL, &error)) {
    g_printerr("%s\n", error->message);
    return 1;
  }
  for (gsize i = 0; places[i] != NULL; i++)
    g_print("place %s\n", places[i]);
  for (gsize i = 0; unknown[i] != NULL; i++)
    g_print("unknown %s\n", unknown[i]);
  return 0;
}
