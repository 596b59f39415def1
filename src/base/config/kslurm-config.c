/* SPDX-License-Identifier: MIT */
#include "base/config/kslurm-config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/config/kslurm-config-private.h"
#include "base/config/kslurm-key.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-lock.h"

#define LIMIT (1024 * 1024)

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
 * Returns: (transfer full): a configuration without any setting
 */
KslurmConfig *
kslurm_config_new(void)
{
  KslurmConfig *config = g_atomic_rc_box_new0(KslurmConfig);

  config->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
  return config;
}

/**
 * kslurm_config_ref:
 * @config: a configuration
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
 * kslurm_config_unref:
 * @config: (transfer full): a configuration
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
 * @data: (array length=length): the text of a key file
 * @length: in bytes
 * @error: return location
 *
 * Adds a layer above those that were added before.
 *
 * Returns: whether @data is a key file
 */
gboolean
kslurm_config_add_data(KslurmConfig *config,
                       const char *origin,
                       const char *data,
                       gsize length,
                       GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_auto(GStrv) groups = NULL;

  if (length == 0)
    return TRUE;
  if (!g_utf8_validate(data, (gssize)length, NULL)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT, _("'%s' is not UTF-8 text"),
                origin);
    return FALSE;
  }
  if (!g_key_file_load_from_data(file, data, length, G_KEY_FILE_NONE, error)) {
    g_prefix_error(error, "'%s': ", origin);
    return FALSE;
  }
  groups = g_key_file_get_groups(file, NULL);
  for (gsize i = 0; groups[i] != NULL; i++)
    add_group(config, file, groups[i], origin);
  return TRUE;
}

static gboolean
add_file(KslurmConfig *config, const char *path, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) bytes = kslurm_file_read(path, LIMIT, &failure);
  gsize length = 0;
  const char *data = NULL;

  if (bytes == NULL && (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
                        g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY)))
    return TRUE;
  if (bytes == NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  data = g_bytes_get_data(bytes, &length);
  return kslurm_config_add_data(config, path, data, length, error);
}

static void
add_variables(KslurmConfig *config)
{
  for (const KslurmKey *key = kslurm_keys; key->name != NULL; key++) {
    g_autofree char *variable = kslurm_key_dup_variable(key->name);
    const char *value = g_getenv(variable);

    if (value != NULL && !g_str_has_suffix(key->name, "."))
      kslurm_config_override(config, key->name, value, variable);
  }
}

char *
kslurm_config_dup_path(void)
{
  g_autofree char *folder = kslurm_dirs_dup_config();

  return g_build_filename(folder, "config", NULL);
}

/**
 * kslurm_config_load:
 * @error: return location
 *
 * Reads the site's files, the user's file and the `KSLURM_*` variables; the later win. An
 * older kslurm's settings are taken over when the user has no file yet.
 *
 * Returns: (transfer full) (nullable): the configuration, or %NULL when a file is damaged
 */
KslurmConfig *
kslurm_config_load(GError **error)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  const char *const *sites = g_get_system_config_dirs();
  g_autofree char *user = kslurm_config_dup_path();

  for (guint i = g_strv_length((char **)sites); i > 0; i--) {
    g_autofree char *path = g_build_filename(sites[i - 1], "kslurm", "config", NULL);

    if (!add_file(config, path, error))
      return NULL;
  }
  if (!g_file_test(user, G_FILE_TEST_EXISTS))
    config->notice = kslurm_config_take_over(config, user);
  if (!add_file(config, user, error))
    return NULL;
  add_variables(config);
  return g_steal_pointer(&config);
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
 * Returns: (transfer none) (nullable): a sentence for the user about older settings
 */
const char *
kslurm_config_get_notice(KslurmConfig *config)
{
  return config->notice;
}
