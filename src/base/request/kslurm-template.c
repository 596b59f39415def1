/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-template.h"

#include <string.h>

/* names and amounts that users of the older kslurm have in their fingers */
static const struct {
  const char *name;
  const char *words;
} built_in_templates[] = {
    {"16core64gb24h", "16 64G 24:00"},
    {"16core64gb3h", "16 64G 3:00"},
    {"2core8gb", "2 8G 1:00"},
    {"2core8gb16h", "2 8G 16:00"},
    {"32core128gb12h", "32 128G 12:00"},
    {"32core128gb3h", "32 128G 3:00"},
    {"4core16gb", "4 16G 3:00"},
    {"4core16gb12h", "4 16G 12:00"},
    {"4core16gb24h", "4 16G 24:00"},
    {"4core64gb12h", "4 64G 12:00"},
    {"5core32gb24h", "5 32G 24:00"},
    {"5core32gb72h", "5 32G 72:00"},
    {"8core32gb12h", "8 32G 12:00"},
    {"8core32gb28h", "8 32G 28:00"},
    {"8core32gb3h", "8 32G 3:00"},
    {"Fat", "32 128G 24:00"},
    {"Long", "8 32G 72:00"},
    {"LongFat", "32 128G 72:00"},
    {"LongSkinny", "1 4G 72:00"},
    {"Quick", "1 4G 0:10"},
    {"Regular", "8 32G 24:00"},
    {"Short", "8 32G 3:00"},
    {"ShortFat", "32 128G 3:00"},
    {"ShortSkinny", "1 4G 3:00"},
    {"Skinny", "1 4G 24:00"},
};

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/**
 * kslurm_template_list_names: (skip)
 * @config: the configuration
 *
 * Returns: (transfer full): the names of all templates, sorted
 */
char **
kslurm_template_list_names(KslurmConfig *config)
{
  g_auto(GStrv) keys = kslurm_config_list_keys(config, "template.");
  GPtrArray *names = g_ptr_array_new();

  for (gsize i = 0; i < G_N_ELEMENTS(built_in_templates); i++)
    g_ptr_array_add(names, g_strdup(built_in_templates[i].name));
  for (gsize i = 0; keys[i] != NULL; i++) {
    const char *name = keys[i] + strlen("template.");
    g_autofree char *words = kslurm_template_dup_words(config, name, TRUE);

    if (words == NULL)
      g_ptr_array_add(names, g_strdup(name));
  }
  g_ptr_array_sort(names, compare_names);
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

/**
 * kslurm_template_dup_words: (skip)
 * @config: the configuration
 * @name: a template's name
 * @built_in: whether to look among our own, rather than in the configuration
 *
 * Returns: (transfer full) (nullable): the words the template stands for
 */
char *
kslurm_template_dup_words(KslurmConfig *config, const char *name, gboolean built_in)
{
  g_autofree char *key = g_strconcat("template.", name, NULL);

  if (!built_in)
    return g_strdup(kslurm_config_get(config, key));
  for (gsize i = 0; i < G_N_ELEMENTS(built_in_templates); i++)
    if (g_str_equal(built_in_templates[i].name, name))
      return g_strdup(built_in_templates[i].words);
  return NULL;
}
