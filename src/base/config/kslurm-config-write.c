/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/config/kslurm-config-private.h"
#include "base/config/kslurm-key.h"
#include "base/util/kslurm-error-private.h"
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
  return kslurm_lock_acquire(lock_path, g_cancellable_get_current(), error);
}

static GKeyFile *
load_file(const char *path, GError **error)
{
  g_autoptr(GBytes) bytes = kslurm_config_read(path, error);
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;

  return bytes != NULL ? kslurm_config_parse(path, data, length, error) : NULL;
}

/* an empty group would stay behind its last key; with it would go the user's comments */
static gboolean
drop(GKeyFile *file, const char *group, const char *key)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) left = NULL;

  if (!g_key_file_remove_key(file, group, key, NULL))
    return FALSE;
  left = g_key_file_get_keys(file, group, NULL, NULL);
  text = g_key_file_to_data(file, NULL, NULL);
  if ((left == NULL || left[0] == NULL) && strchr(text, '#') == NULL)
    g_key_file_remove_group(file, group, NULL);
  return TRUE;
}

/* written by hand, 'account.gpu' may stand in [kslurm], where it would win over ours */
static gboolean
drop_others(GKeyFile *file, const char *group, const char *name)
{
  gboolean dropped = !g_str_equal(group, "kslurm") && drop(file, "kslurm", name);

  for (const char *dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
    g_autofree char *other = g_strndup(name, (gsize)(dot - name));

    if (!g_str_equal(other, group) && drop(file, other, dot + 1))
      dropped = TRUE;
  }
  return dropped;
}

static gboolean
unset(GKeyFile *file, const char *group, const char *key, const char *name, GError **error)
{
  gboolean dropped = drop(file, group, key);

  if (drop_others(file, group, name) || dropped)
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
              _("'%s' is not set in your settings"), name);
  return FALSE;
}

static gboolean
save(GKeyFile *file, const char *path, GError **error)
{
  gsize length = 0;
  g_autofree char *data = g_key_file_to_data(file, &length, NULL);

  if (length > KSLURM_CONFIG_LIMIT) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                _("'%s' would be larger than kslurm reads; remove settings from it first"),
                path);
    return FALSE;
  }
  return kslurm_file_replace(path, data, (gssize)length, 0600, error);
}

/**
 * kslurm_config_save:
 * @key: a dotted key
 * @value: (nullable): its new value, or %NULL to remove it
 * @error: return location
 *
 * Changes one key of the user's file, and nothing else in it: no configuration that is
 * loaded. Several at once wait for each other; the current #GCancellable ends the waiting.
 *
 * Returns: whether the file has the new value. Else @error is %KSLURM_ERROR_USAGE when the
 *   key or value is wrong, %KSLURM_ERROR_NOT_FOUND when there is no key to remove
 */
gboolean
kslurm_config_save(const char *key, const char *value, GError **error)
{
  g_autofree char *path = kslurm_config_dup_path();
  g_autofree char *group = NULL;
  g_autofree char *name = NULL;
  g_autoptr(KslurmLock) lock = NULL;
  g_autoptr(GKeyFile) file = NULL;

  if (!kslurm_key_split(key, &group, &name, error) ||
      (value != NULL && !kslurm_key_check(key, value, error)))
    return FALSE;
  if (value != NULL && !g_utf8_validate(value, -1, NULL))
    return kslurm_set_usage(error, _("the value of '%s' is not UTF-8 text"), key);
  lock = lock_file(path, error);
  file = lock != NULL ? load_file(path, error) : NULL;
  if (file == NULL || (value == NULL && !unset(file, group, name, key, error)))
    return FALSE;
  if (value != NULL) {
    g_key_file_set_string(file, group, name, value);
    drop_others(file, group, key);
  }
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
  g_autoptr(GBytes) bytes = kslurm_file_read(over->origin, KSLURM_CONFIG_LIMIT, error);
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
