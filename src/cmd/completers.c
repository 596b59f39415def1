/* SPDX-License-Identifier: MIT */
#include "cmd/completers.h"

#include "base/config/kslurm-config.h"
#include "base/config/kslurm-folder.h"
#include "base/config/kslurm-key.h"
#include "base/request/kslurm-template.h"
#include "base/slurm/kslurm-accounts.h"
#include "base/slurm/kslurm-jobs.h"
#include "base/venv/kslurm-scratch.h"
#include "base/venv/kslurm-venv-index.h"
#include "base/venv/kslurm-venv-store.h"

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

static char **
list_environments(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_load(NULL);
  g_auto(GStrv) environ = g_get_environ();
  g_autofree char *pipdir =
      config != NULL
          ? kslurm_folder_dup(config, "pipdir", (const char *const *)environ, NULL)
          : NULL;
  g_autoptr(KslurmVenvStore) store =
      pipdir != NULL ? kslurm_venv_store_new(pipdir, NULL) : NULL;

  return store != NULL ? kslurm_venv_store_list_names(store) : NULL;
}

static char **
list_loaded(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_load(NULL);
  g_auto(GStrv) environ = g_get_environ();
  g_autofree char *scratch =
      config != NULL ? kslurm_scratch_dup_path(config, (const char *const *)environ, NULL)
                     : NULL;
  g_autofree char *tmp = scratch != NULL ? g_build_filename(scratch, "tmp", NULL) : NULL;
  g_autoptr(KslurmVenvIndex) index = tmp != NULL ? kslurm_venv_index_open(tmp) : NULL;

  return index != NULL ? kslurm_venv_index_list_names(index, NULL) : NULL;
}

const KslurmCompleter kslurm_completers[] = {
    {"accounts", kslurm_accounts_list_cached, FALSE},
    {"environments", list_environments, FALSE},
    {"jobs", kslurm_jobs_list_own, TRUE},
    {"keys", list_keys, FALSE},
    {"loaded", list_loaded, FALSE},
    {"templates", list_templates, FALSE},
    {NULL, NULL, FALSE}};
