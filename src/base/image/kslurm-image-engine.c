/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-engine.h"

#include <glib/gi18n-lib.h>

#include "base/util/kslurm-error.h"

static const char *const engines[] = {"apptainer", "singularity"};

static char *
find_on_path(const char *const *environ, const char *name)
{
  const char *path = g_environ_getenv((char **)environ, "PATH");
  g_auto(GStrv) folders = g_strsplit(path != NULL ? path : "", ":", -1);

  for (gsize i = 0; folders[i] != NULL; i++) {
    g_autofree char *program = g_build_filename(folders[i], name, NULL);

    /* an empty folder would mean the current one, from which nothing is run by chance */
    if (folders[i][0] == '/' && g_file_test(program, G_FILE_TEST_IS_EXECUTABLE) &&
        !g_file_test(program, G_FILE_TEST_IS_DIR))
      return g_steal_pointer(&program);
  }
  return NULL;
}

static gboolean
has_module(const char *modules, const char *name)
{
  g_auto(GStrv) folders = g_strsplit(modules, ":", -1);

  for (gsize i = 0; folders[i] != NULL; i++) {
    g_autofree char *module = g_build_filename(folders[i], name, NULL);
    g_autofree char *lua = g_strconcat(module, ".lua", NULL);

    if (folders[i][0] == '/' &&
        (g_file_test(module, G_FILE_TEST_EXISTS) || g_file_test(lua, G_FILE_TEST_EXISTS)))
      return TRUE;
  }
  return FALSE;
}

static void
set_missing(const char *const *environ, GError **error)
{
  const char *modules = g_environ_getenv((char **)environ, "MODULEPATH");
  gboolean lmod = g_environ_getenv((char **)environ, "LMOD_CMD") != NULL;

  for (gsize i = 0; modules != NULL && i < G_N_ELEMENTS(engines); i++)
    if (has_module(modules, engines[i])) {
      g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                  _("apptainer and singularity are not on PATH; load one with 'module load "
                    "%s'"),
                  engines[i]);
      return;
    }
  if (modules != NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("apptainer and singularity are not on PATH; '%s' says whether a module "
                  "brings one"),
                lmod ? "module spider apptainer" : "module avail apptainer");
  else
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                        _("apptainer and singularity are not on PATH; containers need one "
                          "of them, which the site's staff can install"));
}

/**
 * kslurm_image_engine_find: (skip)
 * @environ: (array zero-terminated=1): the environment
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the path of apptainer, else of singularity, or %NULL
 *   with %KSLURM_ERROR_NOT_FOUND, which names the site's module where there is one
 */
char *
kslurm_image_engine_find(const char *const *environ, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(engines); i++) {
    char *program = find_on_path(environ, engines[i]);

    if (program != NULL)
      return program;
  }
  set_missing(environ, error);
  return NULL;
}

/**
 * kslurm_image_engine_build: (skip)
 * @engine: the engine's path
 * @verb: "exec", "run" or "shell"
 * @options: (array zero-terminated=1): the engine's options, values glued to them
 * @path: an image's data
 * @words: (array zero-terminated=1): what stands after the image
 *
 * Returns: (transfer full): the argument vector, in which every word is as it was given
 */
char **
kslurm_image_engine_build(const char *engine,
                          const char *verb,
                          const char *const *options,
                          const char *path,
                          const char *const *words)
{
  g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

  g_strv_builder_add_many(argv, engine, verb, NULL);
  g_strv_builder_addv(argv, (const char **)options);
  g_strv_builder_add(argv, path);
  g_strv_builder_addv(argv, (const char **)words);
  return g_strv_builder_end(argv);
}
