/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/config/kslurm-config.h"

G_BEGIN_DECLS

char **kslurm_pip_links_list(const char *const *environ, const char *prefix);

char *kslurm_pip_links_to_pip(const char *const *links, const char *wheelhouse);
char *kslurm_pip_links_to_uv(const char *before,
                             const char *const *links,
                             const char *wheelhouse,
                             const char *home);

char **kslurm_pip_environ_set(char **environ,
                              KslurmConfig *config,
                              const char *prefix,
                              gboolean offline);

G_END_DECLS
