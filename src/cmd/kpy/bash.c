/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/shell/kslurm-shell-file.h"
#include "cmd/kpy/kpy.h"
#include "cmd/load-config.h"

const KslurmArg *const kpy_bash_args[] = {kslurm_args_common, NULL};

int
kpy_run_bash(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmConfig) config = kslurm_load_config(call, error);
  g_autofree char *line = NULL;

  if (config == NULL || !kslurm_shell_file_make(KSLURM_DIALECT_BASH, config, error))
    return 1;
  line = kslurm_shell_line(KSLURM_DIALECT_BASH);
  printf("%s\n", line);
  return 0;
}
