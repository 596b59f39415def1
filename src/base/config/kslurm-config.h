/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

#define KSLURM_TYPE_CONFIG (kslurm_config_get_type())

/**
 * KslurmConfig:
 *
 * Settings from all places, as they were when it was loaded.
 */
typedef struct _KslurmConfig KslurmConfig;

KSLURM_PUBLIC GType kslurm_config_get_type(void);

KSLURM_PUBLIC KslurmConfig *kslurm_config_load(GError **error);
KSLURM_PUBLIC KslurmConfig *kslurm_config_new(void);

KSLURM_PUBLIC KslurmConfig *kslurm_config_ref(KslurmConfig *config);
KSLURM_PUBLIC void kslurm_config_unref(KslurmConfig *config);

KSLURM_PUBLIC gboolean kslurm_config_add_data(KslurmConfig *config,
                                              const char *origin,
                                              const char *data,
                                              gsize length,
                                              GError **error);
KSLURM_PUBLIC void kslurm_config_override(KslurmConfig *config,
                                          const char *key,
                                          const char *value,
                                          const char *origin);

KSLURM_PUBLIC const char *kslurm_config_get(KslurmConfig *config, const char *key);
KSLURM_PUBLIC const char *kslurm_config_get_origin(KslurmConfig *config, const char *key);
KSLURM_PUBLIC char **kslurm_config_list_keys(KslurmConfig *config, const char *prefix);
KSLURM_PUBLIC const char *kslurm_config_get_notice(KslurmConfig *config);

KSLURM_PUBLIC gboolean kslurm_config_save(const char *key,
                                          const char *value,
                                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmConfig, kslurm_config_unref)

G_END_DECLS
