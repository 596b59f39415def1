/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/shell/kslurm-pip-config.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GHashTable) settings = kslurm_pip_config_new();
  GHashTableIter iter;
  gpointer name = NULL, value = NULL;

  kslurm_pip_config_add(settings, (const char *)data, size);
  kslurm_pip_config_add(settings, (const char *)data, size / 2);
  g_hash_table_iter_init(&iter, settings);
  while (g_hash_table_iter_next(&iter, &name, &value))
    if (strchr(name, '.') == NULL || value == NULL)
      __builtin_trap();
  kslurm_pip_config_get(settings, "install", "find-links");
  return 0;
}
