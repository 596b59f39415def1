/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/image/kslurm-docker-config-private.h"
#include "base/image/kslurm-image-json.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-lock.h"

/* gives an object that may be changed: what was parsed for reading may not */
static JsonNode *
read_root(const char *path, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) bytes = kslurm_file_read(path, KSLURM_DOCKER_CONFIG_LIMIT, &failure);
  g_autoptr(JsonNode) checked = NULL;
  g_autofree char *text = NULL;

  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return json_from_string("{}", error);
  if (bytes == NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  checked = kslurm_image_json_parse(g_bytes_get_data(bytes, NULL),
                                    (gssize)g_bytes_get_size(bytes),
                                    KSLURM_DOCKER_CONFIG_LIMIT, error);
  if (checked == NULL) {
    g_prefix_error(error, _("cannot change '%s': "), path);
    return NULL;
  }
  text = json_to_string(checked, FALSE);
  return json_from_string(text, error);
}

static JsonObject *
get_auths(JsonObject *object, const char *path, GError **error)
{
  JsonNode *node = json_object_get_member(object, "auths");

  if (node == NULL || JSON_NODE_HOLDS_NULL(node))
    json_object_set_object_member(object, "auths", json_object_new());
  else if (!JSON_NODE_HOLDS_OBJECT(node)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("cannot change '%s': its 'auths' is no object"), path);
    return NULL;
  }
  return json_object_get_object_member(object, "auths");
}

/* all names of the host, but not those of a part of it, which podman keeps for itself */
static guint
drop_host(JsonObject *auths, const char *host)
{
  g_autoptr(GList) keys = json_object_get_members(auths);
  guint count = 0;

  for (GList *k = keys; k != NULL; k = k->next)
    if (kslurm_docker_config_match(k->data, host, NULL) >= 0) {
      json_object_remove_member(auths, k->data);
      count++;
    }
  return count;
}

static gboolean
write_root(const char *path, JsonNode *root, GError **error)
{
  g_autoptr(JsonGenerator) generator = json_generator_new();
  g_autofree char *text = NULL;

  json_generator_set_root(generator, root);
  json_generator_set_pretty(generator, TRUE);
  json_generator_set_indent_char(generator, '\t');
  json_generator_set_indent(generator, 1);
  text = json_generator_to_data(generator, NULL);
  return kslurm_file_replace(path, text, -1, 0600, error);
}

/* two logins at once, on two nodes, keep both */
static KslurmLock *
lock_file(const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *lock = g_strconcat(path, ".kslurm-lock", NULL);

  if (g_mkdir_with_parents(folder, 0700) == 0)
    return kslurm_lock_acquire(lock, cancellable, error);
  kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), folder);
  return NULL;
}

static gboolean
put_entry(const char *path, const char *host, JsonObject *entry, GError **error)
{
  g_autoptr(JsonNode) root = read_root(path, error);
  JsonObject *auths =
      root != NULL ? get_auths(json_node_get_object(root), path, error) : NULL;

  if (auths == NULL)
    return FALSE;
  drop_host(auths, host);
  json_object_set_object_member(auths, kslurm_docker_config_get_key(host),
                                json_object_ref(entry));
  return write_root(path, root, error);
}

/**
 * kslurm_docker_config_login: (skip)
 * @path: a file, which need not be there
 * @host: a registry
 * @user: a name
 * @password: its password
 * @cancellable: (nullable): ends the waiting for another login
 * @error: return location
 *
 * Keeps a credential as docker does, for whoever reads the file. All else in it stays as
 * it is.
 *
 * Returns: whether the credential is kept
 */
gboolean
kslurm_docker_config_login(const char *path,
                           const char *host,
                           const char *user,
                           const char *password,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autofree char *text = g_strconcat(user, ":", password, NULL);
  g_autofree char *auth = g_base64_encode((const guchar *)text, strlen(text));
  g_autoptr(JsonObject) entry = json_object_new();
  g_autoptr(KslurmLock) lock = NULL;

  if (user[0] == '\0' || strchr(user, ':') != NULL)
    return kslurm_set_usage(
        error, _("'%s' is no user name: it may not be empty or hold ':'"), user);
  json_object_set_string_member(entry, "auth", auth);
  lock = lock_file(path, cancellable, error);
  return lock != NULL && put_entry(path, host, entry, error);
}

static gboolean
drop_entry(const char *path, const char *host, gboolean *found, GError **error)
{
  g_autoptr(JsonNode) root = read_root(path, error);
  JsonObject *auths =
      root != NULL ? get_auths(json_node_get_object(root), path, error) : NULL;

  if (auths == NULL)
    return FALSE;
  *found = drop_host(auths, host) > 0;
  return !*found || write_root(path, root, error);
}

/**
 * kslurm_docker_config_logout: (skip)
 * @path: a file
 * @host: a registry
 * @cancellable: (nullable): ends the waiting for another login
 * @error: return location
 *
 * Returns: whether a credential was kept and is gone; without one %KSLURM_ERROR_NOT_FOUND
 */
gboolean
kslurm_docker_config_logout(const char *path,
                            const char *host,
                            GCancellable *cancellable,
                            GError **error)
{
  gboolean found = FALSE;

  if (g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autoptr(KslurmLock) lock = lock_file(path, cancellable, error);

    if (lock == NULL || !drop_entry(path, host, &found, error))
      return FALSE;
  }
  if (!found)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("you are not logged in to '%s'"), host);
  return found;
}
