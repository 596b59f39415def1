/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/image/kslurm-image-store-refs.h"

/* what was taken is whole, and is taken again as the same */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmImageRef) ref =
      kslurm_image_ref_from_json((const char *)data, (gssize)size, &error);
  g_autoptr(KslurmImageRef) again = NULL;
  g_autofree char *json = NULL;
  g_autofree char *same = NULL;

  if ((ref == NULL) != (error != NULL))
    __builtin_trap();
  if (ref == NULL)
    return 0;
  json = kslurm_image_ref_to_json(ref);
  again = kslurm_image_ref_from_json(json, -1, NULL);
  if (again == NULL)
    __builtin_trap();
  same = kslurm_image_ref_to_json(again);
  if (strcmp(json, same) != 0)
    __builtin_trap();
  return 0;
}
