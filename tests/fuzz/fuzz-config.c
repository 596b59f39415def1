/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/config/kslurm-config.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) keys = NULL;

  if (kslurm_config_add_data(config, "fuzz", (const char *)data, size, &error) !=
      (error == NULL))
    __builtin_trap();
  keys = kslurm_config_list_keys(config, NULL);
  for (gsize i = 0; keys[i] != NULL; i++)
    if (kslurm_config_get(config, keys[i]) == NULL ||
        kslurm_config_get_origin(config, keys[i]) == NULL)
      __builtin_trap();
  return 0;
}
