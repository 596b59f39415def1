/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-json.h"
#include "base/venv/kslurm-venv-facts-private.h"
#include "base/venv/kslurm-venv-store-private.h"

#define CACHE_LIMIT (16 * 1024 * 1024)

static char *
dup_cache_path(KslurmVenvStore *store, const char *name)
{
  g_autofree char *file = g_strconcat(name, ".json", NULL);

  return g_build_filename(store->folder, file, NULL);
}

/* damaged or written for another archive: as good as none */
static KslurmVenvFacts *
read_cache(KslurmVenvStore *store, const char *name, KslurmVenvKey key)
{
  g_autofree char *path = dup_cache_path(store, name);
  g_autoptr(GBytes) bytes = kslurm_file_read(path, CACHE_LIMIT, NULL);
  g_autoptr(JsonNode) root = NULL;
  JsonObject *object = NULL, *facts = NULL;
  KslurmVenvKey known = {0, 0};
  guint64 mtime = 0;

  if (bytes != NULL)
    root = kslurm_json_parse(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes),
                             NULL);
  if (root == NULL)
    return NULL;
  object = json_node_get_object(root);
  if (!kslurm_json_get_size(object, "size", &known.size) ||
      !kslurm_json_get_size(object, "mtime", &mtime) ||
      !kslurm_json_get_object(object, "facts", &facts) || facts == NULL)
    return NULL;
  known.mtime = (gint64)mtime;
  return kslurm_venv_key_equal(known, key) ? kslurm_venv_facts_from_object(facts, NULL)
                                           : NULL;
}

static char *
to_json(const KslurmVenvFacts *facts, KslurmVenvKey key)
{
  g_autoptr(JsonNode) root = json_node_alloc();
  g_autoptr(JsonObject) object = json_object_new();

  json_object_set_int_member(object, "size", (gint64)key.size);
  json_object_set_int_member(object, "mtime", key.mtime);
  json_object_set_member(object, "facts", kslurm_venv_facts_to_node(facts));
  json_node_init_object(root, object);
  return json_to_string(root, FALSE);
}

/* of the folder's group, so that lab-mates can read it and write a newer one */
static gboolean
write_cache(KslurmVenvStore *store,
            const char *name,
            const KslurmVenvFacts *facts,
            KslurmVenvKey key,
            GError **error)
{
  g_autofree char *path = dup_cache_path(store, name);
  g_autofree char *json = to_json(facts, key);
  struct stat st;

  if (!kslurm_file_replace_itself(path, json, -1, 0666, error))
    return FALSE;
  if (g_stat(store->folder, &st) == 0 && lchown(path, (uid_t)-1, st.st_gid) != 0)
    g_debug("'%s' keeps its group: %s", path, g_strerror(errno));
  return TRUE;
}

static gboolean
get_key(const char *path, KslurmVenvKey *key, GError **error)
{
  struct stat st;

  if (g_stat(path, &st) != 0)
    return kslurm_set_errno(error, errno, _("cannot look at '%s'"), path);
  *key = kslurm_venv_key(&st);
  return TRUE;
}

static KslurmVenvFacts *
read_archive(KslurmVenvStore *store, const char *path, GError **error)
{
  if (store->reader != NULL)
    return store->reader(path, error);
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
              _("nothing is known about the environment in '%s'"), path);
  return NULL;
}

/**
 * kslurm_venv_store_read_facts: (skip)
 * @store: a store
 * @name: the name of an environment
 * @error: return location
 *
 * Reads the file beside the archive when it was written for that very archive, else the
 * archive, and then keeps what it said beside it.
 *
 * Returns: (transfer full) (nullable): the facts, or %NULL with @error set
 */
KslurmVenvFacts *
kslurm_venv_store_read_facts(KslurmVenvStore *store, const char *name, GError **error)
{
  g_autofree char *path = kslurm_venv_store_find(store, name, error);
  g_autoptr(KslurmVenvFacts) facts = NULL;
  g_autoptr(GError) failure = NULL;
  KslurmVenvKey key;

  if (path == NULL || !get_key(path, &key, error))
    return NULL;
  facts = read_cache(store, name, key);
  if (facts != NULL)
    return g_steal_pointer(&facts);
  facts = read_archive(store, path, error);
  if (facts != NULL && !write_cache(store, name, facts, key, &failure))
    g_debug("the facts are not kept: %s", failure->message);
  return g_steal_pointer(&facts);
}

/* somebody may have saved under the same name since */
static gboolean
is_of_archive(KslurmVenvStore *store, const char *path, const KslurmVenvFacts *facts)
{
  g_autoptr(KslurmVenvFacts) other =
      store->reader != NULL ? store->reader(path, NULL) : NULL;

  return store->reader == NULL ||
         (other != NULL && other->created == facts->created &&
          other->bytes == facts->bytes && other->files == facts->files &&
          g_strv_equal((const char *const *)other->packages,
                       (const char *const *)facts->packages) &&
          g_strv_equal((const char *const *)other->places,
                       (const char *const *)facts->places));
}

/**
 * kslurm_venv_store_write_facts: (skip)
 * @store: a store
 * @name: the name of an environment that was just saved
 * @facts: what is known about it
 * @error: return location
 *
 * Keeps @facts beside the archive, unless that is another one by now.
 *
 * Returns: whether what stands beside the archive is right
 */
gboolean
kslurm_venv_store_write_facts(KslurmVenvStore *store,
                              const char *name,
                              const KslurmVenvFacts *facts,
                              GError **error)
{
  g_autofree char *path = kslurm_venv_store_find(store, name, error);
  KslurmVenvKey key;

  if (path == NULL || !get_key(path, &key, error))
    return FALSE;
  return !is_of_archive(store, path, facts) || write_cache(store, name, facts, key, error);
}
