/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/venv/kslurm-venv-facts.h"

/* what was taken is whole, and is taken again */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmVenvFacts) facts =
      kslurm_venv_facts_from_json((const char *)data, (gssize)size, &error);
  g_autoptr(KslurmVenvFacts) same = NULL;
  g_autofree char *json = NULL;

  if ((facts == NULL) != (error != NULL))
    __builtin_trap();
  if (facts == NULL)
    return 0;
  json = kslurm_venv_facts_to_json(facts);
  same = kslurm_venv_facts_from_json(json, -1, NULL);
  if (same == NULL || strcmp(same->python, facts->python) != 0)
    __builtin_trap();
  return 0;
}
