/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-scratch.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config/kslurm-folder.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error-private.h"

static const char *
get_variable(const char *const *environ, const char *name)
{
  const char *value = g_environ_getenv((char **)environ, name);

  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* what is configured for the nodes need not hold on a login node */
static gboolean
take_configured(KslurmConfig *config,
                const char *const *environ,
                char **path,
                GError **error)
{
  const char *text = kslurm_config_get(config, "scratch");
  g_autofree char *unset = NULL;

  *path = text != NULL ? kslurm_folder_expand(text, environ, &unset) : NULL;
  if (unset != NULL && get_variable(environ, "SLURMD_NODENAME") != NULL) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED,
                _("'%s' is not set on this node, which the setting 'scratch' names: '%s'"),
                unset, text);
    return FALSE;
  }
  if (*path == NULL || g_path_is_absolute(*path))
    return TRUE;
  return kslurm_set_usage(error, _("the setting 'scratch' is no absolute path: '%s'"),
                          *path);
}

/* gives a name of ours in the folder for temporary files */
static char *
dup_own(const char *const *environ)
{
  const char *base = get_variable(environ, "TMPDIR");
  const char *job = get_variable(environ, "SLURM_JOB_ID");
  gboolean in_job = get_variable(environ, "SLURMD_NODENAME") != NULL && job != NULL &&
                    job[strspn(job, "0123456789")] == '\0';

  if (base == NULL || !g_path_is_absolute(base))
    base = "/tmp";
  return g_strdup_printf("%s/kslurm-%u%s%s", base, (guint)geteuid(), in_job ? "-" : "",
                         in_job ? job : "");
}

static char *
find_path(KslurmConfig *config, const char *const *environ, gboolean *own, GError **error)
{
  g_autofree char *configured = NULL;
  const char *slurm = get_variable(environ, "SLURM_TMPDIR");

  *own = FALSE;
  if (!take_configured(config, environ, &configured, error))
    return NULL;
  if (configured != NULL)
    return g_steal_pointer(&configured);
  if (slurm != NULL && g_path_is_absolute(slurm))
    return g_strdup(slurm);
  *own = TRUE;
  return dup_own(environ);
}

/**
 * kslurm_scratch_dup_path: (skip)
 * @config: the configuration
 * @environ: (array zero-terminated=1): the environment
 * @error: return location
 *
 * Decides where fast storage is on this node: the setting 'scratch', SLURM_TMPDIR, or a
 * folder of the user, or of the job, in TMPDIR.
 *
 * Returns: (transfer full) (nullable): the folder, which may not exist, or %NULL with
 *   %KSLURM_ERROR_NOT_CONFIGURED set when a job lacks what the setting names
 */
char *
kslurm_scratch_dup_path(KslurmConfig *config, const char *const *environ, GError **error)
{
  gboolean own = FALSE;

  return find_path(config, environ, &own, error);
}

static gboolean
make_tmp(const char *path, GError **error)
{
  struct stat st;

  if (g_mkdir_with_parents(path, 0700) != 0)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), path);
  if (stat(path, &st) != 0)
    return kslurm_set_errno(error, errno, _("cannot look at the folder '%s'"), path);
  if (st.st_uid == geteuid())
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED,
              _("'%s' is somebody else's; let the setting 'scratch' name a folder of your "
                "own: '/scratch/$USER'"),
              path);
  return FALSE;
}

/* a job that is the first one here after others of ours removes what they left */
static void
sweep(const char *const *environ)
{
  g_auto(GStrv) stale = kslurm_scratch_list_stale(environ, NULL, NULL);

  if (stale != NULL)
    kslurm_scratch_remove_stale((const char *const *)stale, NULL);
}

/**
 * kslurm_scratch_make: (skip)
 * @config: the configuration
 * @environ: (array zero-terminated=1): the environment
 * @error: return location
 *
 * Makes the folder of kslurm_scratch_dup_path(), where it is not there, and 'tmp' in it.
 *
 * Returns: (transfer full) (nullable): the folder 'tmp' in it, or %NULL with @error set:
 *   %KSLURM_ERROR_DENIED when it is not the user's
 */
char *
kslurm_scratch_make(KslurmConfig *config, const char *const *environ, GError **error)
{
  gboolean own = FALSE;
  g_autofree char *path = find_path(config, environ, &own, error);
  g_autofree char *tmp = path != NULL ? g_build_filename(path, "tmp", NULL) : NULL;
  gboolean fresh = own && path != NULL && !g_file_test(path, G_FILE_TEST_EXISTS);

  if (path == NULL || (own && !kslurm_dirs_make_private(path, error)) ||
      !make_tmp(tmp, error))
    return NULL;
  if (fresh && get_variable(environ, "SLURMD_NODENAME") != NULL) {
    kslurm_scratch_mark(path, environ);
    sweep(environ);
  }
  return g_steal_pointer(&tmp);
}
