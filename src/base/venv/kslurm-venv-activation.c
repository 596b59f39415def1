/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-activation.h"

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

/* an empty word means the current folder, and stays */
static char *
dup_search_path(const char *path, const char *bin, const char *earlier)
{
  g_auto(GStrv) folders = g_strsplit(path, ":", -1);
  GString *changed = g_string_new(bin);

  for (gsize i = 0; folders[i] != NULL; i++)
    if (!g_str_equal(folders[i], bin) && g_strcmp0(folders[i], earlier) != 0)
      g_string_append_printf(changed, ":%s", folders[i]);
  return g_string_free(changed, FALSE);
}

/**
 * kslurm_venv_activation_set: (skip)
 * @environ: (transfer full): variables
 * @prefix: the folder of an environment
 * @name: its name, for prompts
 *
 * What an activated shell would have; an environment that was active before is left.
 *
 * Returns: (transfer full): the variables of a program that runs in the environment
 */
char **
kslurm_venv_activation_set(char **environ, const char *prefix, const char *name)
{
  const char *active = g_environ_getenv(environ, "VIRTUAL_ENV");
  const char *path = g_environ_getenv(environ, "PATH");
  g_autofree char *bin = g_build_filename(prefix, "bin", NULL);
  g_autofree char *earlier =
      active != NULL && active[0] != '\0' ? g_build_filename(active, "bin", NULL) : NULL;
  g_autofree char *search =
      dup_search_path(path != NULL && path[0] != '\0' ? path : DEFAULT_PATH, bin, earlier);

  environ = g_environ_setenv(environ, "VIRTUAL_ENV", prefix, TRUE);
  environ = g_environ_setenv(environ, "VIRTUAL_ENV_PROMPT", name, TRUE);
  environ = g_environ_setenv(environ, "PATH", search, TRUE);
  return g_environ_unsetenv(environ, "PYTHONHOME");
}
