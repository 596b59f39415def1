/* SPDX-License-Identifier: MIT */
#include "cmd/load-config.h"

/**
 * kslurm_load_config: (skip)
 * @call: gets a note when an older kslurm's settings were taken over
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the configuration
 */
KslurmConfig *
kslurm_load_config(KslurmCall *call, GError **error)
{
  KslurmConfig *config = kslurm_config_load(error);

  if (config != NULL && kslurm_config_get_notice(config) != NULL)
    kslurm_call_note(call, "%s", kslurm_config_get_notice(config));
  return config;
}
