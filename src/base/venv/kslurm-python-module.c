/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/util/kslurm-process.h"
#include "base/venv/kslurm-python-private.h"

#define MODULES_MS 30000
#define MARK "kslurm-modules:"

/* a login shell knows 'module', and may say other things before */
static char *
run_in_login_shell(const char *script, const char *module, GCancellable *cancellable)
{
  const char *const argv[] = {"bash", "-lc", script, "kslurm", module, NULL};
  const KslurmProcessSpec spec = {.argv = argv, .timeout_ms = MODULES_MS};
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, cancellable, NULL);
  const char *mark = result != NULL ? g_strrstr(result->output, MARK "\n") : NULL;

  return mark != NULL ? g_strdup(mark + strlen(MARK "\n")) : NULL;
}

static gboolean
has_modules(void)
{
  static const char *const signs[] = {"MODULESHOME", "LMOD_CMD", "LMOD_DIR", "MODULEPATH",
                                      "BASH_FUNC_module%%"};

  for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
    if (g_getenv(signs[i]) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * kslurm_python_parse_modules: (skip)
 * @text: what 'module -t avail python' wrote
 * @version: (nullable): as kslurm_python_find() takes it
 *
 * Returns: (transfer full): the modules of that version, "python/3.11.5", the newest first
 */
char **
kslurm_python_parse_modules(const char *text, const char *version)
{
  g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
  GPtrArray *modules = g_ptr_array_new();

  for (gsize i = 0; words[i] != NULL; i++) {
    gsize length = strcspn(words[i], "(<");
    g_autofree char *name = g_strndup(words[i], length);

    if (g_ascii_strncasecmp(name, "python/", 7) == 0 && g_ascii_isdigit(name[7]) &&
        kslurm_python_is_version(name + 7, version))
      g_ptr_array_add(modules, g_steal_pointer(&name));
  }
  g_ptr_array_sort(modules, kslurm_python_compare_names);
  g_ptr_array_add(modules, NULL);
  return (char **)g_ptr_array_free(modules, FALSE);
}

static char *
try_module(const char *module, const char *version, GCancellable *cancellable)
{
  static const char script[] =
      "module load \"$1\" >/dev/null 2>&1; printf '\\n" MARK "\\n'; command -v python3";
  g_autofree char *answer = run_in_login_shell(script, module, cancellable);
  g_autofree char *found = NULL;
  g_autofree char *python = NULL;

  if (answer == NULL || !g_path_is_absolute(g_strstrip(answer)))
    return NULL;
  python = kslurm_python_ask(answer, &found, cancellable);
  return python != NULL && kslurm_python_is_version(found, version)
             ? g_steal_pointer(&python)
             : NULL;
}

/**
 * kslurm_python_find_module: (skip)
 * @version: (nullable): as kslurm_python_find() takes it
 * @seen: (element-type utf8): gets what there is besides
 * @cancellable: (nullable): ends the search
 *
 * Looks among the modules, where there are modules.
 *
 * Returns: (transfer full) (nullable): the Python of a module that runs without it being
 *   loaded
 */
char *
kslurm_python_find_module(const char *version, GPtrArray *seen, GCancellable *cancellable)
{
  static const char script[] = "printf '\\n" MARK "\\n'; module -t avail python 2>&1";
  g_autofree char *text =
      has_modules() ? run_in_login_shell(script, "", cancellable) : NULL;
  g_auto(GStrv) modules = kslurm_python_parse_modules(text != NULL ? text : "", version);
  g_auto(GStrv) all = kslurm_python_parse_modules(text != NULL ? text : "", NULL);

  for (gsize i = 0; modules[i] != NULL; i++) {
    char *found = try_module(modules[i], version, cancellable);

    if (found != NULL)
      return found;
  }
  for (gsize i = 0; all[i] != NULL; i++)
    g_ptr_array_add(seen, g_strdup_printf("'module load %s'", all[i]));
  return NULL;
}
