/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-arg.h"

G_BEGIN_DECLS

extern const KslurmForeign kslurm_image_engine_options[];

char *kslurm_image_engine_find(const char *const *environ, GError **error);

char **kslurm_image_engine_build(const char *engine,
                                 const char *verb,
                                 const char *const *options,
                                 const char *path,
                                 const char *const *words);

G_END_DECLS
