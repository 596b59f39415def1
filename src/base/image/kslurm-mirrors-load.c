/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/image/kslurm-mirrors-private.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"

#define MIRROR "mirror."
#define PLAIN "http-registries"
#define MAX_FILE (1024 * 1024)

static gboolean
check_location(const char *key, const char *text, GError **error)
{
  return kslurm_mirrors_is_location(text) ||
         kslurm_set_usage(error, _("'%s' names '%s', which is no registry"), key, text);
}

static gboolean
add_mirrors(KslurmMirrors *mirrors, KslurmConfig *config, const char *key, GError **error)
{
  const char *value = kslurm_config_get(config, key);
  g_auto(GStrv) words = g_strsplit_set(value != NULL ? value : "", ", \t", -1);
  KslurmMirrorRule *rule = kslurm_mirrors_add_rule(mirrors, key + strlen(MIRROR));

  for (gsize i = 0; words[i] != NULL; i++) {
    if (words[i][0] == '\0')
      continue;
    if (!check_location(key, words[i], error))
      return FALSE;
    kslurm_mirror_rule_add(rule, words[i], KSLURM_MIRROR_ALL);
  }
  return TRUE;
}

/**
 * kslurm_mirrors_add_config: (skip)
 * @mirrors: mirrors
 * @config: 'mirror.HOST = PLACE…' and 'http-registries = HOST…'
 * @error: return location
 *
 * Returns: whether the settings are right
 */
gboolean
kslurm_mirrors_add_config(KslurmMirrors *mirrors, KslurmConfig *config, GError **error)
{
  g_auto(GStrv) keys = kslurm_config_list_keys(config, MIRROR);
  const char *plain = kslurm_config_get(config, PLAIN);
  g_auto(GStrv) hosts = g_strsplit_set(plain != NULL ? plain : "", ", \t", -1);

  for (gsize i = 0; keys[i] != NULL; i++)
    if (!add_mirrors(mirrors, config, keys[i], error))
      return FALSE;
  for (gsize i = 0; hosts[i] != NULL; i++) {
    if (hosts[i][0] == '\0')
      continue;
    if (!check_location(PLAIN, hosts[i], error))
      return FALSE;
    kslurm_mirrors_set_plain(mirrors, hosts[i]);
  }
  return TRUE;
}

static gboolean
add_file(KslurmMirrors *mirrors, const char *path, GError **error)
{
  g_autoptr(GBytes) bytes = NULL;
  gsize length = 0;
  const char *data = NULL;

  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  bytes = kslurm_file_read(path, MAX_FILE, error);
  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data(bytes, &length);
  if (kslurm_mirrors_add_toml(mirrors, data, (gssize)length, error))
    return TRUE;
  g_prefix_error(error, "'%s': ", path);
  return FALSE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

static gboolean
add_folder(KslurmMirrors *mirrors, const char *folder, GError **error)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
    if (g_str_has_suffix(name, ".conf"))
      g_ptr_array_add(names, g_build_filename(folder, name, NULL));
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len; i++)
    if (!add_file(mirrors, names->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* a user's file stands for the machine's, as podman has it */
static gboolean
add_files(KslurmMirrors *mirrors, GError **error)
{
  const char *given = g_getenv("CONTAINERS_REGISTRIES_CONF");
  g_autofree char *own = g_build_filename(g_get_user_config_dir(), "containers", NULL);
  const char *const folders[] = {own, "/etc/containers"};
  g_autofree char *user = g_build_filename(own, "registries.conf", NULL);

  if (given != NULL && given[0] != '\0')
    return add_file(mirrors, given, error);
  if (!add_file(mirrors,
                g_file_test(user, G_FILE_TEST_IS_REGULAR)
                    ? user
                    : "/etc/containers/registries.conf",
                error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *folder = g_build_filename(folders[i], "registries.conf.d", NULL);

    if (!add_folder(mirrors, folder, error))
      return FALSE;
  }
  return TRUE;
}

/**
 * kslurm_mirrors_load: (skip)
 * @config: the configuration
 * @error: return location
 *
 * Reads the configuration, then what podman and its like read: what stands first is asked
 * first.
 *
 * Returns: (transfer full) (nullable): the mirrors, or %NULL with @error set
 */
KslurmMirrors *
kslurm_mirrors_load(KslurmConfig *config, GError **error)
{
  g_autoptr(KslurmMirrors) mirrors = kslurm_mirrors_new();

  if (!kslurm_mirrors_add_config(mirrors, config, error) || !add_files(mirrors, error))
    return NULL;
  return g_steal_pointer(&mirrors);
}
