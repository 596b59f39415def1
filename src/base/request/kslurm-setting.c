/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-setting.h"

#include <string.h>

/**
 * kslurm_setting_new: (skip)
 * @group: (nullable): a constant: the kind of word that the option stands for
 * @option: Slurm's long option, without dashes
 * @value: (nullable): its value
 * @level: who asked
 * @origin: (nullable): how it was asked, for messages
 *
 * Returns: (transfer full): a setting
 */
KslurmSetting *
kslurm_setting_new(const char *group,
                   const char *option,
                   const char *value,
                   KslurmLevel level,
                   const char *origin)
{
  KslurmSetting *setting = g_new0(KslurmSetting, 1);

  setting->group = group;
  setting->option = g_strdup(option);
  setting->value = g_strdup(value);
  setting->level = level;
  setting->origin = g_strdup(origin);
  return setting;
}

/**
 * kslurm_setting_free: (skip)
 * @setting: (transfer full): a setting
 */
void
kslurm_setting_free(KslurmSetting *setting)
{
  g_free(setting->option);
  g_free(setting->value);
  g_free(setting->origin);
  g_free(setting);
}

/**
 * kslurm_setting_to_text: (skip)
 * @setting: a setting
 *
 * Returns: (transfer full): the option as one word: '--mem=4000M'
 */
char *
kslurm_setting_to_text(const KslurmSetting *setting)
{
  if (setting->value == NULL)
    return g_strdup_printf("--%s", setting->option);
  return g_strdup_printf("--%s=%s", setting->option, setting->value);
}

/**
 * kslurm_settings_get_winner: (skip)
 * @settings: (element-type KslurmSetting): what everybody asked for
 * @group: a kind of word
 *
 * Returns: (transfer none) (nullable): the setting of @group that holds
 */
const KslurmSetting *
kslurm_settings_get_winner(GPtrArray *settings, const char *group)
{
  const KslurmSetting *winner = NULL;

  for (guint i = 0; i < settings->len; i++) {
    const KslurmSetting *setting = settings->pdata[i];

    /* of equals the later one: that is how Slurm reads a script */
    if (g_strcmp0(setting->group, group) == 0 &&
        (winner == NULL || setting->level <= winner->level))
      winner = setting;
  }
  return winner;
}

/**
 * kslurm_settings_is_beaten: (skip)
 * @settings: (element-type KslurmSetting): what everybody asked for
 * @setting: one of them
 *
 * Tells whether a setting must be taken away for the winner of its group to hold. Slurm
 * lets its command line win over the same option in a variable or script, and dies when
 * the two are different options of one group.
 *
 * Returns: whether @setting is in the winner's way
 */
gboolean
kslurm_settings_is_beaten(GPtrArray *settings, const KslurmSetting *setting)
{
  const KslurmSetting *winner = NULL;

  if (setting->group == NULL)
    return FALSE;
  winner = kslurm_settings_get_winner(settings, setting->group);
  return winner->level < setting->level && !g_str_equal(winner->option, setting->option);
}

/**
 * kslurm_setting_group_of: (skip)
 * @option: (nullable): a Slurm option
 * @value: (nullable): its value
 *
 * Returns: (transfer none) (nullable): its group; generic resources that are no GPUs have
 * none
 */
const char *
kslurm_setting_group_of(const KslurmForeign *option, const char *value)
{
  if (option == NULL || (g_strcmp0(option->name, "gres") == 0 &&
                         (value == NULL || strstr(value, "gpu") == NULL)))
    return NULL;
  return option->sets;
}

/**
 * kslurm_settings_add_variables: (skip)
 * @settings: (element-type KslurmSetting): to add to
 * @prefix: the program's: "SBATCH_", "SALLOC_", "SLURM_"
 * @environ: (array zero-terminated=1): an environment
 *
 * Adds what the program's input variables ask for.
 */
void
kslurm_settings_add_variables(GPtrArray *settings,
                              const char *prefix,
                              const char *const *environ)
{
  for (const KslurmSlurmVariable *v = kslurm_slurm_variables; v->suffix != NULL; v++) {
    g_autofree char *name = g_strconcat(prefix, v->suffix, NULL);
    const char *value = g_environ_getenv((char **)environ, name);
    const KslurmForeign *option =
        kslurm_slurm_find_option(kslurm_sbatch_options, v->option);

    if (value == NULL || value[0] == '\0')
      continue;
    g_ptr_array_add(settings,
                    kslurm_setting_new(kslurm_setting_group_of(option, value), v->option,
                                       value, KSLURM_LEVEL_VARIABLE, name));
  }
}
