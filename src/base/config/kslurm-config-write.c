/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "base/config/kslurm-config-private.h"
#include "base/config/kslurm-key.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-lock.h"

#define MAX_DEPTH 100

static KslurmLock *
lock_file(const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *lock_path = g_strconcat(path, ".lock", NULL);

  if (g_mkdir_with_parents(folder, 0700) != 0) {
    kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), folder);
    return NULL;
  }
  return kslurm_lock_acquire(lock_path, NULL, error);
}

static gboolean
load_file(GKeyFile *file, const char *path, GError **error)
{
  g_autoptr(GError) failure = NULL;

  if (g_key_file_load_from_file(file, path, G_KEY_FILE_KEEP_COMMENTS, &failure) ||
      g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;
  g_propagate_prefixed_error(error, g_steal_pointer(&failure), "'%s': ", path);
  return FALSE;
}

/* an empty group would stay behind its last key */
static gboolean
unset(GKeyFile *file, const char *group, const char *key, const char *name, GError **error)
{
  g_auto(GStrv) left = NULL;

  if (!g_key_file_remove_key(file, group, key, NULL)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("'%s' is not set in your settings"), name);
    return FALSE;
  }
  left = g_key_file_get_keys(file, group, NULL, NULL);
  if (left == NULL || left[0] == NULL)
    g_key_file_remove_group(file, group, NULL);
  return TRUE;
}

static gboolean
save(GKeyFile *file, const char *path, GError **error)
{
  gsize length = 0;
  g_autofree char *data = g_key_file_to_data(file, &length, NULL);

  return kslurm_file_replace(path, data, (gssize)length, 0600, error);
}

/**
 * kslurm_config_set:
 * @key: a dotted key
 * @value: (nullable): its new value, or %NULL to remove it
 * @error: return location
 *
 * Changes one key of the user's file, and nothing else in it. Several at once wait for
 * each other.
 *
 * Returns: whether the file has the new value
 */
gboolean
kslurm_config_set(const char *key, const char *value, GError **error)
{
  g_autofree char *path = kslurm_config_dup_path();
  g_autofree char *group = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(KslurmLock) lock = NULL;

  if (!kslurm_key_split(key, &group, &name, error) ||
      (value != NULL && !kslurm_key_check(key, value, error)))
    return FALSE;
  if (value != NULL && !g_utf8_validate(value, -1, NULL))
    return kslurm_set_usage(error, _("the value of '%s' is not UTF-8 text"), key);
  lock = lock_file(path, error);
  if (lock == NULL || !load_file(file, path, error))
    return FALSE;
  if (value != NULL)
    g_key_file_set_string(file, group, name, value);
  else if (!unset(file, group, name, key, error))
    return FALSE;
  return save(file, path, error);
}

typedef struct {
  KslurmConfig *config;
  GKeyFile *file;
  const char *origin;
  guint taken;
} Takeover;

static void
take_member(JsonObject *object, const char *member, JsonNode *node, gpointer data)
{
  Takeover *over = data;
  const char *value = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
  g_autofree char *group = NULL;
  g_autofree char *key = NULL;

  if (value == NULL || !kslurm_key_split(member, &group, &key, NULL))
    return;
  g_key_file_set_string(over->file, group, key, value);
  kslurm_config_override(over->config, member, value, over->origin);
  over->taken++;
}

/* json-glib recurses without a limit; the older kslurm wrote one flat object */
static gboolean
is_deep(const char *data, gsize length)
{
  int depth = 0;

  for (gsize i = 0; i < length && depth <= MAX_DEPTH; i++)
    depth += data[i] == '[' || data[i] == '{'   ? 1
             : data[i] == ']' || data[i] == '}' ? -1
                                                : 0;
  return depth > MAX_DEPTH;
}

static gboolean
read_older(Takeover *over, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  g_autoptr(GBytes) bytes = kslurm_file_read(over->origin, 1024 * 1024, error);
  gsize length = 0;
  const char *data = NULL;
  JsonNode *root = NULL;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data(bytes, &length);
  if (is_deep(data, length)) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT, _("it is damaged"));
    return FALSE;
  }
  /* the parser takes no NULL, which is what an empty file gives */
  if (!json_parser_load_from_data(parser, length > 0 ? data : "", (gssize)length, error))
    return FALSE;
  root = json_parser_get_root(parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT(root))
    json_object_foreach_member(json_node_get_object(root), take_member, over);
  return TRUE;
}

/**
 * kslurm_config_take_over: (skip)
 * @config: gets the older settings
 * @path: the user's file, which does not exist
 *
 * Takes over the 'config.json' of the older kslurm, once, and leaves it in place. Where
 * the home cannot be written the values hold all the same.
 *
 * Returns: (transfer full) (nullable): a sentence for the user, or %NULL when there was
 * nothing
 */
char *
kslurm_config_take_over(KslurmConfig *config, const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *older = g_build_filename(folder, "config.json", NULL);
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmLock) lock = NULL;
  Takeover over = {config, file, older, 0};

  if (!g_file_test(older, G_FILE_TEST_EXISTS))
    return NULL;
  if (!read_older(&over, &error))
    return g_strdup_printf(_("settings of an older kslurm in '%s' are not used: %s"), older,
                           error->message);
  if (over.taken == 0)
    return NULL;
  lock = lock_file(path, &error);
  /* somebody else may have been first */
  if (lock != NULL && (g_file_test(path, G_FILE_TEST_EXISTS) || save(file, path, &error)))
    return g_strdup_printf(
        _("took over the settings of an older kslurm from '%s' into '%s'"), older, path);
  return g_strdup_printf(_("settings of an older kslurm are read from '%s': %s"), older,
                         error->message);
}
