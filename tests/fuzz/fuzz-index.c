/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/venv/kslurm-venv-index-private.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) places =
      kslurm_venv_index_parse((const char *)data, (gssize)size, &error);
  g_autoptr(GHashTable) same = NULL;
  g_autofree char *json = NULL;

  if ((places == NULL) != (error != NULL))
    __builtin_trap();
  if (places == NULL)
    return 0;
  json = kslurm_venv_index_to_json(places);
  same = kslurm_venv_index_parse(json, -1, NULL);
  if (same == NULL || g_hash_table_size(same) != g_hash_table_size(places))
    __builtin_trap();
  return 0;
}
