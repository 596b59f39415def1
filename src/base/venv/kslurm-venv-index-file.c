/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-json.h"
#include "base/util/kslurm-lock.h"
#include "base/util/kslurm-text.h"
#include "base/venv/kslurm-venv-index-private.h"
#include "base/venv/kslurm-venv-state.h"

#define FILE_LIMIT (4 * 1024 * 1024)

static GHashTable *
new_places(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * kslurm_venv_index_parse: (skip)
 * @data: (array length=length): the bytes of an index
 * @length: in bytes, or -1 when @data ends with NUL
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type utf8 filename): folders by the names
 *   of environments, or %NULL with @error set
 */
GHashTable *
kslurm_venv_index_parse(const char *data, gssize length, GError **error)
{
  g_autoptr(GHashTable) places = new_places();
  g_autoptr(JsonNode) root = kslurm_json_parse(data, length, error);
  JsonObject *object = root != NULL ? json_node_get_object(root) : NULL;
  g_autoptr(GList) names = object != NULL ? json_object_get_members(object) : NULL;

  if (root == NULL)
    return NULL;
  for (GList *n = names; n != NULL; n = n->next) {
    const char *place = NULL;

    if (!kslurm_json_get_string(object, n->data, &place) || place == NULL ||
        !g_path_is_absolute(place) || !kslurm_text_is_line(n->data)) {
      g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                          _("the index of environments is damaged"));
      return NULL;
    }
    g_hash_table_replace(places, g_strdup(n->data), g_strdup(place));
  }
  return g_steal_pointer(&places);
}

/**
 * kslurm_venv_index_to_json: (skip)
 * @places: (element-type utf8 filename): folders by the names of environments
 *
 * Returns: (transfer full): the text of the index, sorted
 */
char *
kslurm_venv_index_to_json(GHashTable *places)
{
  g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(places), (GCompareFunc)strcmp);
  g_autoptr(JsonNode) root = json_node_alloc();
  g_autoptr(JsonObject) object = json_object_new();

  for (GList *n = names; n != NULL; n = n->next) {
    const char *place = g_hash_table_lookup(places, n->data);

    if (g_utf8_validate(place, -1, NULL))
      json_object_set_string_member(object, n->data, place);
  }
  json_node_init_object(root, object);
  return json_to_string(root, TRUE);
}

/* what is in the folders is true whatever the index says, once it is whole */
static GHashTable *
find_places(KslurmVenvIndex *index)
{
  GHashTable *places = new_places();
  g_autoptr(GDir) folder = g_dir_open(index->tmp, 0, NULL);
  const char *file = NULL;

  while (folder != NULL && (file = g_dir_read_name(folder)) != NULL) {
    g_autofree char *prefix = g_build_filename(index->tmp, file, NULL);
    g_autofree char *cfg = g_build_filename(prefix, "pyvenv.cfg", NULL);
    g_autofree char *name = kslurm_venv_state_dup_name(prefix);

    if (g_str_has_prefix(file, KSLURM_VENV_FOLDER) && name != NULL &&
        !g_hash_table_contains(places, name) &&
        !kslurm_venv_index_is_marked(index, prefix) &&
        g_file_test(cfg, G_FILE_TEST_IS_REGULAR))
      g_hash_table_insert(places, g_steal_pointer(&name), g_steal_pointer(&prefix));
  }
  return places;
}

static GHashTable *
rebuild(KslurmVenvIndex *index, GError **error)
{
  g_autofree char *aside = g_strconcat(index->path, ".damaged", NULL);
  g_autoptr(GHashTable) places = find_places(index);

  if (g_rename(index->path, aside) != 0) {
    kslurm_set_errno(error, errno, _("cannot move '%s' aside"), index->path);
    return NULL;
  }
  if (!kslurm_venv_index_store(index, places, error))
    return NULL;
  g_free(index->notice);
  index->notice = g_strdup_printf(
      _("the index of environments was damaged; it was made again from the environments "
        "that are there, and the old one was kept as '%s'"),
      aside);
  return g_steal_pointer(&places);
}

static gboolean
is_gone(gpointer name, gpointer place, gpointer data)
{
  return !g_file_test(place, G_FILE_TEST_IS_DIR);
}

static GHashTable *
load(KslurmVenvIndex *index, gboolean *damaged, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) bytes = kslurm_file_read(index->path, FILE_LIMIT, &failure);
  GHashTable *places = NULL;

  *damaged = FALSE;
  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return new_places();
  if (bytes != NULL)
    places = kslurm_venv_index_parse(g_bytes_get_data(bytes, NULL),
                                     (gssize)g_bytes_get_size(bytes), &failure);
  if (places != NULL)
    g_hash_table_foreach_remove(places, is_gone, NULL);
  else if (failure->domain == KSLURM_ERROR)
    *damaged = TRUE;
  else
    g_propagate_error(error, g_steal_pointer(&failure));
  return places;
}

/**
 * kslurm_venv_index_load_locked: (skip)
 * @index: an index whose lock is held
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type utf8 filename): the folders that are
 *   there by their names, or %NULL with @error set
 */
GHashTable *
kslurm_venv_index_load_locked(KslurmVenvIndex *index, GError **error)
{
  gboolean damaged = FALSE;
  GHashTable *places = load(index, &damaged, error);

  return damaged ? rebuild(index, error) : places;
}

/**
 * kslurm_venv_index_load: (skip)
 * @index: an index
 * @error: return location
 *
 * The lock is taken only where there is something to mend.
 *
 * Returns: (transfer full) (nullable) (element-type utf8 filename): the folders that are
 *   there by their names, or %NULL with @error set
 */
GHashTable *
kslurm_venv_index_load(KslurmVenvIndex *index, GError **error)
{
  gboolean damaged = FALSE;
  GHashTable *places = load(index, &damaged, error);
  g_autofree char *path = g_strconcat(index->path, ".lock", NULL);
  g_autoptr(KslurmLock) lock = damaged ? kslurm_lock_acquire(path, NULL, error) : NULL;

  return lock != NULL ? kslurm_venv_index_load_locked(index, error) : places;
}

/**
 * kslurm_venv_index_store: (skip)
 * @index: an index whose lock is held
 * @places: (element-type utf8 filename): folders by the names of environments
 * @error: return location
 *
 * Returns: whether the file says that now
 */
gboolean
kslurm_venv_index_store(KslurmVenvIndex *index, GHashTable *places, GError **error)
{
  g_autofree char *json = kslurm_venv_index_to_json(places);

  return kslurm_file_replace(index->path, json, -1, 0600, error);
}
