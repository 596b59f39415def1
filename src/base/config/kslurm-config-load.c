/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/config/kslurm-config-private.h"
#include "base/config/kslurm-key.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-text.h"

#define BYTE_ORDER_MARK "\357\273\277"
#define SHOWN_CHARACTERS 200

/* GLib quotes the wrong line, whatever is in it and however long it is */
static void
set_damaged(const char *origin, const GError *failure, GError **error)
{
  g_autofree char *clean = kslurm_text_clean(failure->message);
  g_autofree char *shown = g_utf8_strlen(clean, -1) > SHOWN_CHARACTERS
                               ? g_utf8_substring(clean, 0, SHOWN_CHARACTERS)
                               : g_strdup(clean);

  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT, "'%s': %s%s", origin, shown,
              g_str_equal(shown, clean) ? "" : "…");
}

/**
 * kslurm_config_parse: (skip)
 * @origin: where @data comes from, for people
 * @data: (array length=length) (nullable): the text of a key file
 * @length: in bytes
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the key file with its comments, or %NULL when
 *   @data is damaged
 */
GKeyFile *
kslurm_config_parse(const char *origin, const char *data, gsize length, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) failure = NULL;

  /* some editors begin every file with the mark, which GLib takes for a wrong line */
  if (length >= 3 && memcmp(data, BYTE_ORDER_MARK, 3) == 0) {
    data += 3;
    length -= 3;
  }
  if (length == 0)
    return g_steal_pointer(&file);
  if (!g_utf8_validate(data, (gssize)length, NULL)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT, _("'%s' is not UTF-8 text"),
                origin);
    return NULL;
  }
  if (!g_key_file_load_from_data(file, data, length, G_KEY_FILE_KEEP_COMMENTS, &failure)) {
    set_damaged(origin, failure, error);
    return NULL;
  }
  return g_steal_pointer(&file);
}

/**
 * kslurm_config_read: (skip)
 * @path: a configuration file
 * @error: return location
 *
 * Returns: (transfer full) (nullable): its bytes, none when it does not exist, or %NULL
 *   with @error set
 */
GBytes *
kslurm_config_read(const char *path, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) bytes = kslurm_file_read(path, KSLURM_CONFIG_LIMIT, &failure);

  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
    return g_bytes_new(NULL, 0);
  if (failure != NULL)
    g_propagate_error(error, g_steal_pointer(&failure));
  return g_steal_pointer(&bytes);
}

static gboolean
add_file(KslurmConfig *config, const char *path, GError **error)
{
  g_autoptr(GBytes) bytes = kslurm_config_read(path, error);
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;

  return bytes != NULL && kslurm_config_add_data(config, path, data, length, error);
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
 * kslurm_config_load_files: (skip)
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the configuration as the files have it, without the
 *   `KSLURM_*` variables
 */
KslurmConfig *
kslurm_config_load_files(GError **error)
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
    kslurm_config_set_notice(config, kslurm_config_take_over(config, user));
  if (!add_file(config, user, error))
    return NULL;
  return g_steal_pointer(&config);
}

/**
 * kslurm_config_load: (constructor)
 * @error: return location
 *
 * Reads the site's files, the user's file and the `KSLURM_*` variables; the later win. An
 * older kslurm's settings are taken over when the user has no file yet.
 *
 * Returns: (transfer full): the configuration, or %NULL with @error set when a file cannot
 *   be read or is damaged
 */
KslurmConfig *
kslurm_config_load(GError **error)
{
  g_autoptr(KslurmConfig) config = kslurm_config_load_files(error);

  if (config != NULL)
    add_variables(config);
  return g_steal_pointer(&config);
}
