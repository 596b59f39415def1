/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-state.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-file.h"
#include "base/venv/kslurm-venv-name.h"
#include "base/venv/kslurm-venv-packages.h"

#define FILE_LIMIT (4 * 1024 * 1024)

static char *
dup_path(const char *prefix)
{
  return g_build_filename(prefix, KSLURM_VENV_STATE_FILE, NULL);
}

/* the lines, without what follows the last newline */
static char **
read_lines(const char *prefix)
{
  g_autofree char *path = dup_path(prefix);
  g_autoptr(GBytes) bytes = kslurm_file_read(path, FILE_LIMIT, NULL);
  g_autofree char *text = NULL;
  char *end = NULL;

  if (bytes == NULL)
    return NULL;
  text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  end = strrchr(text, '\n');
  if (end != NULL)
    *end = '\0';
  return g_strsplit(text, "\n", -1);
}

/**
 * kslurm_venv_state_dup_text: (skip)
 * @name: the environment's name
 * @packages: (nullable): what was saved, or %NULL when nothing was yet
 *
 * Returns: (transfer full): what '.kslurm-state' holds
 */
char *
kslurm_venv_state_dup_text(const char *name, char **packages)
{
  GString *text = g_string_new(name);

  g_string_append_c(text, '\n');
  /* an empty line says: saved, without any package */
  if (packages != NULL && packages[0] == NULL)
    g_string_append_c(text, '\n');
  for (gsize i = 0; packages != NULL && packages[i] != NULL; i++)
    g_string_append_printf(text, "%s\n", packages[i]);
  return g_string_free(text, FALSE);
}

/**
 * kslurm_venv_state_write: (skip)
 * @prefix: the folder of an environment
 * @name: its name
 * @packages: (nullable): what was saved, or %NULL when nothing was yet
 * @error: return location
 *
 * Returns: whether the file '.kslurm-state' holds the name and the packages
 */
gboolean
kslurm_venv_state_write(const char *prefix,
                        const char *name,
                        char **packages,
                        GError **error)
{
  g_autofree char *path = dup_path(prefix);
  g_autofree char *text = kslurm_venv_state_dup_text(name, packages);

  return kslurm_file_replace_itself(path, text, -1, 0666, error);
}

/**
 * kslurm_venv_state_dup_name: (skip)
 * @prefix: the folder of an environment
 *
 * Returns: (transfer full) (nullable): the name it was made, saved or loaded under
 */
char *
kslurm_venv_state_dup_name(const char *prefix)
{
  g_auto(GStrv) lines = read_lines(prefix);

  return lines != NULL && lines[0] != NULL && kslurm_venv_name_check(lines[0], NULL)
             ? g_strdup(lines[0])
             : NULL;
}

/**
 * kslurm_venv_state_dup_packages: (skip)
 * @prefix: the folder of an environment
 *
 * Returns: (transfer full) (nullable): the packages that were saved, %NULL when nothing
 *   was yet
 */
char **
kslurm_venv_state_dup_packages(const char *prefix)
{
  g_auto(GStrv) lines = read_lines(prefix);
  g_autoptr(GStrvBuilder) packages = g_strv_builder_new();

  if (lines == NULL || lines[0] == NULL || lines[1] == NULL)
    return NULL;
  for (gsize i = 1; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      g_strv_builder_add(packages, lines[i]);
  return g_strv_builder_end(packages);
}

/**
 * kslurm_venv_state_is_changed: (skip)
 * @prefix: the folder of an environment
 *
 * Returns: whether what is installed differs from what was saved
 */
gboolean
kslurm_venv_state_is_changed(const char *prefix)
{
  g_auto(GStrv) saved = kslurm_venv_state_dup_packages(prefix);
  g_auto(GStrv) installed = kslurm_venv_packages_list(prefix, NULL);

  return saved == NULL || installed == NULL ||
         !g_strv_equal((const char *const *)saved, (const char *const *)installed);
}
