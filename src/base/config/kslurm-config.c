/* SPDX-License-Identifier: MIT */
#include "base/config/kslurm-config.h"

#include <string.h>

#include "base/config/kslurm-config-private.h"

typedef struct {
  char *value;
  char *origin;
} Entry;

struct _KslurmConfig {
  GHashTable *entries; /* dotted key → Entry */
  char *notice;
};

G_DEFINE_BOXED_TYPE(KslurmConfig, kslurm_config, kslurm_config_ref, kslurm_config_unref)

static void
entry_free(gpointer data)
{
  Entry *entry = data;

  g_free(entry->value);
  g_free(entry->origin);
  g_free(entry);
}

/**
 * kslurm_config_new:
 *
 * Makes a configuration that holds no setting and reads no file.
 *
 * Returns: (transfer full): the configuration
 */
KslurmConfig *
kslurm_config_new(void)
{
  KslurmConfig *config = g_atomic_rc_box_new0(KslurmConfig);

  config->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
  return config;
}

/**
 * kslurm_config_ref: (skip)
 * @config: a configuration
 *
 * Takes a reference, from any thread.
 *
 * Returns: (transfer full): the same configuration
 */
KslurmConfig *
kslurm_config_ref(KslurmConfig *config)
{
  return g_atomic_rc_box_acquire(config);
}

static void
config_clear(gpointer data)
{
  KslurmConfig *config = data;

  g_hash_table_unref(config->entries);
  g_free(config->notice);
}

/**
 * kslurm_config_unref: (skip)
 * @config: (transfer full): a configuration
 *
 * Gives a reference back, from any thread; the last one frees @config.
 */
void
kslurm_config_unref(KslurmConfig *config)
{
  g_atomic_rc_box_release_full(config, config_clear);
}

/**
 * kslurm_config_override:
 * @config: a configuration
 * @key: a dotted key
 * @value: its value
 * @origin: where that comes from, for people
 *
 * Sets a value above those that were added before.
 */
void
kslurm_config_override(KslurmConfig *config,
                       const char *key,
                       const char *value,
                       const char *origin)
{
  Entry *entry = g_new0(Entry, 1);

  entry->value = g_strdup(value);
  entry->origin = g_strdup(origin);
  g_hash_table_insert(config->entries, g_strdup(key), entry);
}

static void
add_group(KslurmConfig *config, GKeyFile *file, const char *group, const char *origin)
{
  g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);

  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++) {
    g_autofree char *value = g_key_file_get_string(file, group, keys[i], NULL);
    g_autofree char *name = g_str_equal(group, "kslurm")
                                ? g_strdup(keys[i])
                                : g_strconcat(group, ".", keys[i], NULL);

    if (value != NULL)
      kslurm_config_override(config, name, value, origin);
  }
}

/**
 * kslurm_config_add_data:
 * @config: a configuration
 * @origin: where @data comes from, for people
 * @data: (array length=length) (element-type guint8): the text of a key file, in UTF-8
 * @length: of @data, in bytes
 * @error: return location
 *
 * Adds a layer above those that were added before. A key in a group other than
 * `[kslurm]` is dotted: `gpu` in `[account]` is `account.gpu`.
 *
 * Returns: whether @data is a key file; else @error is %KSLURM_ERROR_CORRUPT
 */
gboolean
kslurm_config_add_data(KslurmConfig *config,
                       const char *origin,
                       const char *data,
                       gsize length,
                       GError **error)
{
  g_autoptr(GKeyFile) file = kslurm_config_parse(origin, data, length, error);
  g_auto(GStrv) groups = NULL;

  if (file == NULL)
    return FALSE;
  groups = g_key_file_get_groups(file, NULL);
  for (gsize i = 0; groups[i] != NULL; i++)
    add_group(config, file, groups[i], origin);
  return TRUE;
}

static const Entry *
find_entry(KslurmConfig *config, const char *key)
{
  const Entry *entry = g_hash_table_lookup(config->entries, key);

  return entry != NULL && entry->value[0] != '\0' ? entry : NULL;
}

/**
 * kslurm_config_get:
 * @config: a configuration
 * @key: a dotted key
 *
 * Looks a setting up.
 *
 * Returns: (transfer none) (nullable): its value; an empty one counts as none
 */
const char *
kslurm_config_get(KslurmConfig *config, const char *key)
{
  const Entry *entry = find_entry(config, key);

  return entry != NULL ? entry->value : NULL;
}

/**
 * kslurm_config_get_origin:
 * @config: a configuration
 * @key: a dotted key
 *
 * Tells where a setting comes from.
 *
 * Returns: (transfer none) (nullable): the file or variable that its value comes from
 */
const char *
kslurm_config_get_origin(KslurmConfig *config, const char *key)
{
  const Entry *entry = find_entry(config, key);

  return entry != NULL ? entry->origin : NULL;
}

static int
compare_keys(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/**
 * kslurm_config_list_keys:
 * @config: a configuration
 * @prefix: (nullable): what the keys begin with
 *
 * Lists what is set, an empty value not counted.
 *
 * Returns: (transfer full) (array zero-terminated=1): the keys that are set, sorted
 */
char **
kslurm_config_list_keys(KslurmConfig *config, const char *prefix)
{
  GPtrArray *keys = g_ptr_array_new();
  GHashTableIter iter;
  gpointer key = NULL;

  g_hash_table_iter_init(&iter, config->entries);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    if (find_entry(config, key) != NULL &&
        (prefix == NULL || g_str_has_prefix(key, prefix)))
      g_ptr_array_add(keys, g_strdup(key));
  g_ptr_array_sort(keys, compare_keys);
  g_ptr_array_add(keys, NULL);
  return (char **)g_ptr_array_free(keys, FALSE);
}

/**
 * kslurm_config_get_notice:
 * @config: a configuration
 *
 * Tells what loading did for the user: that an older kslurm's settings were taken over, or
 * could not be.
 *
 * Returns: (transfer none) (nullable): a sentence
 */
const char *
kslurm_config_get_notice(KslurmConfig *config)
{
  return config->notice;
}

void
kslurm_config_set_notice(KslurmConfig *config, char *notice)
{
  g_free(config->notice);
  config->notice = notice;
}
