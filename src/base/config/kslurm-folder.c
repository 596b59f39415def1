/* SPDX-License-Identifier: MIT */
#include "base/config/kslurm-folder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"

#define NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

/* gives the length of '$NAME' or '${NAME}' at @text, 0 when that is none */
static gsize
match_variable(const char *text, char **name)
{
  gboolean braced = text[0] == '$' && text[1] == '{';
  const char *from = text + (braced ? 2 : 1);
  gsize length = text[0] == '$' ? strspn(from, NAME_LETTERS) : 0;

  if (length == 0 || (braced && from[length] != '}'))
    return 0;
  *name = g_strndup(from, length);
  return length + (braced ? 3 : 1);
}

/**
 * kslurm_folder_expand: (skip)
 * @text: a path with variables, as a site writes it: '/project/$USER'
 * @environ: (array zero-terminated=1): the environment
 * @unset: (out) (transfer full) (nullable): the variable that is not set or empty
 *
 * A variable that is not set is never taken for nothing: '$SLURM_TMPDIR/' must not become
 * '/'.
 *
 * Returns: (transfer full) (nullable): the path, or %NULL with @unset set
 */
char *
kslurm_folder_expand(const char *text, const char *const *environ, char **unset)
{
  g_autoptr(GString) path = g_string_new(NULL);

  *unset = NULL;
  while (*text != '\0') {
    g_autofree char *name = NULL;
    gsize length = match_variable(text, &name);
    const char *value = length > 0 ? g_environ_getenv((char **)environ, name) : NULL;

    if (length > 0 && (value == NULL || value[0] == '\0')) {
      *unset = g_steal_pointer(&name);
      return NULL;
    }
    if (length > 0)
      g_string_append(path, value);
    else
      g_string_append_c(path, *text);
    text += MAX(length, 1);
  }
  return g_string_free(g_steal_pointer(&path), FALSE);
}

/**
 * kslurm_folder_dup: (skip)
 * @config: the configuration
 * @key: a key whose value is a folder
 * @environ: (array zero-terminated=1): the environment
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the absolute path that the key gives; %NULL without
 *   an error where it is not set
 */
char *
kslurm_folder_dup(KslurmConfig *config,
                  const char *key,
                  const char *const *environ,
                  GError **error)
{
  const char *text = kslurm_config_get(config, key);
  g_autofree char *unset = NULL;
  g_autofree char *path =
      text != NULL && text[0] != '\0' ? kslurm_folder_expand(text, environ, &unset) : NULL;

  if (unset != NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED,
                _("'%s' is not set, which the setting '%s' names: '%s'"), unset, key, text);
  if (path != NULL && !g_path_is_absolute(path)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED,
                _("the setting '%s' is no absolute path: '%s'"), key, path);
    g_clear_pointer(&path, g_free);
  }
  return g_steal_pointer(&path);
}
