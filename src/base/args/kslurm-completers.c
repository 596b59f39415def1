/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-complete.h"
#include "base/config/kslurm-key.h"
#include "base/slurm/kslurm-accounts.h"

static char **
list_keys(void)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new();

  for (const KslurmKey *key = kslurm_keys; key->name != NULL; key++)
    g_strv_builder_add(names, key->name);
  return g_strv_builder_end(names);
}

const KslurmCompleter kslurm_completers[] = {
    {"accounts", kslurm_accounts_list_cached}, {"keys", list_keys}, {0}};
