/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/slurm/kslurm-slurm-options.h"

G_BEGIN_DECLS

/* who wins: the lower level */
typedef enum {
  KSLURM_LEVEL_USER,
  KSLURM_LEVEL_VARIABLE,
  KSLURM_LEVEL_SCRIPT,
  KSLURM_LEVEL_CONFIG,
  KSLURM_LEVEL_DEFAULT
} KslurmLevel;

/* one option of Slurm, and who asked for it */
typedef struct {
  const char
      *group;   /* the kind of word it stands for; NULL: none, it conflicts with nothing */
  char *option; /* "mem-per-cpu" */
  char *value;  /* NULL for a flag */
  KslurmLevel level;
  char *origin; /* as typed; the variable's name; the script's line */
} KslurmSetting;

KslurmSetting *kslurm_setting_new(const char *group,
                                  const char *option,
                                  const char *value,
                                  KslurmLevel level,
                                  const char *origin);
void kslurm_setting_free(KslurmSetting *setting);

char *kslurm_setting_to_text(const KslurmSetting *setting);

const KslurmSetting *kslurm_settings_get_winner(GPtrArray *settings, const char *group);
gboolean kslurm_settings_is_beaten(GPtrArray *settings, const KslurmSetting *setting);

const char *kslurm_setting_group_of(const KslurmForeign *option, const char *value);

void kslurm_settings_add_variables(GPtrArray *settings,
                                   const char *prefix,
                                   const char *const *environ);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmSetting, kslurm_setting_free)

G_END_DECLS
