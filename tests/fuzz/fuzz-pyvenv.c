/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/venv/kslurm-pyvenv.h"

/* a value that was set is the value that is read */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_autofree char *old = kslurm_pyvenv_dup_value(text, "prompt");
  const char *value = old != NULL ? old : "new";
  g_autofree char *changed = kslurm_pyvenv_set_value(text, "prompt", value);
  g_autofree char *read = kslurm_pyvenv_dup_value(changed, "prompt");

  if (read == NULL || strcmp(read, value) != 0)
    __builtin_trap();
  return 0;
}
