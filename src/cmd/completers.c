/* SPDX-License-Identifier: MIT */
#include "cmd/completers.h"

#include "base/config/kslurm-config.h"
#include "base/config/kslurm-key.h"
#include "base/request/kslurm-template.h"
#include "base/slurm/kslurm-accounts.h"
#include "base/slurm/kslurm-jobs.h"

static char **
list_templates(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_load(NULL);

  return config != NULL ? kslurm_template_list_names(config) : NULL;
}

static char **
list_keys(void)
{
  GPtrArray *names = g_ptr_array_new();

  for (const KslurmKey *key = kslurm_keys; key->name != NULL; key++)
    g_ptr_array_add(names, g_strdup(key->name));
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

const KslurmCompleter kslurm_completers[] = {
    {"accounts", kslurm_accounts_list_cached, FALSE},
    {"jobs", kslurm_jobs_list_own, TRUE},
    {"keys", list_keys, FALSE},
    {"templates", list_templates, FALSE},
    {NULL, NULL, FALSE}};
