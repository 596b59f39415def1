/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/image/kslurm-image-store-names.h"

/* a name that is read as a reference is the very one that the reference has */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *path = g_strndup((const char *)data, size);
  g_autofree char *platform = NULL;
  g_autoptr(KslurmReference) reference = kslurm_image_names_read_link(path, &platform);
  g_autofree char *same = NULL;
  g_auto(GStrv) forms = NULL;

  if (reference == NULL)
    return platform == NULL ? 0 : (__builtin_trap(), 0);
  same = kslurm_image_names_dup_link(reference, platform);
  if (strcmp(same, path) != 0 || strstr(path, "/../") != NULL || path[0] == '/')
    __builtin_trap();
  forms = kslurm_image_names_list_forms(reference, NULL);
  for (gsize i = 0; forms[i] != NULL; i++) {
    g_autofree char *name = kslurm_image_names_dup_nextflow(forms[i]);

    if (name != NULL && (strchr(name, '/') != NULL || name[0] == '.' || name[0] == '\0'))
      __builtin_trap();
  }
  return 0;
}
