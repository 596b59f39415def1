/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/image/kslurm-reference.h"

/* what is accepted has one form, which reads back as the same and holds no traps */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(text, &error);
  g_autoptr(KslurmReference) again = NULL;
  g_autofree char *form = NULL;
  g_autofree char *same = NULL;

  if ((reference == NULL) != (error != NULL))
    __builtin_trap();
  if (reference == NULL)
    return g_utf8_validate(error->message, -1, NULL) ? 0 : (__builtin_trap(), 0);
  form = kslurm_reference_to_string(reference);
  again = kslurm_reference_parse(form, NULL);
  if (again == NULL || !kslurm_reference_equal(reference, again))
    __builtin_trap();
  same = kslurm_reference_to_string(again);
  if (strcmp(form, same) != 0 || strstr(form, "/../") != NULL || strchr(form, ' ') != NULL)
    __builtin_trap();
  return 0;
}
