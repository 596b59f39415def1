/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-spec.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error-private.h"

#define GROUP "sandbox"
/* a socket's path ends at 107 bytes, and ours are in run/ */
#define DIR_LIMIT 80

static gboolean
check_dir(const char *dir, GError **error)
{
  if (strlen(dir) > DIR_LIMIT)
    return kslurm_set_usage(
        error, _("the folder '%s' is too long a path for sockets; give a shorter '--dir'"),
        dir);
  for (const char *p = dir; *p != '\0'; p++) {
    if (!g_ascii_isalnum(*p) && strchr("/._-+@", *p) == NULL)
      return kslurm_set_usage(
          error,
          _("the folder '%s' has a character that slurm.conf cannot hold; give "
            "another '--dir'"),
          dir);
  }
  return TRUE;
}

/**
 * kslurm_sandbox_spec_new: (skip)
 * @dir: (nullable): the folder, or %NULL for the usual one
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the sandbox that is made when nothing else is said
 */
KslurmSandboxSpec *
kslurm_sandbox_spec_new(const char *dir, GError **error)
{
  g_autoptr(KslurmSandboxSpec) spec = g_new0(KslurmSandboxSpec, 1);
  g_autofree char *runtime = kslurm_dirs_dup_runtime();

  spec->dir = dir != NULL ? g_canonicalize_filename(dir, NULL)
                          : g_build_filename(runtime, "sandbox", NULL);
  if (!check_dir(spec->dir, error))
    return NULL;
  spec->nodes = 2;
  spec->cpus = 8;
  spec->gpus = 2;
  spec->megabytes = 32000;
  spec->message_timeout = 10;
  spec->tmpdir = TRUE;
  return g_steal_pointer(&spec);
}

/**
 * kslurm_sandbox_spec_load: (skip)
 * @dir: a sandbox's folder
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what was saved there
 */
KslurmSandboxSpec *
kslurm_sandbox_spec_load(const char *dir, GError **error)
{
  g_autoptr(KslurmSandboxSpec) spec = kslurm_sandbox_spec_new(dir, error);
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autofree char *path = NULL;

  if (spec == NULL)
    return NULL;
  path = kslurm_sandbox_spec_dup_path(spec, "sandbox.conf");
  if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error)) {
    g_prefix_error(error, _("'%s' is no sandbox: "), spec->dir);
    return NULL;
  }
  spec->nodes = (guint)g_key_file_get_integer(file, GROUP, "nodes", NULL);
  spec->cpus = (guint)g_key_file_get_integer(file, GROUP, "cpus", NULL);
  spec->gpus = (guint)g_key_file_get_integer(file, GROUP, "gpus", NULL);
  spec->megabytes = g_key_file_get_uint64(file, GROUP, "megabytes", NULL);
  spec->message_timeout =
      (guint)g_key_file_get_integer(file, GROUP, "message-timeout", NULL);
  spec->accounting = g_key_file_get_boolean(file, GROUP, "accounting", NULL);
  spec->tmpdir = g_key_file_get_boolean(file, GROUP, "tmpdir", NULL);
  spec->owner = g_key_file_get_integer(file, GROUP, "owner", NULL);
  return g_steal_pointer(&spec);
}

/**
 * kslurm_sandbox_spec_save: (skip)
 * @spec: a sandbox whose folder exists
 * @error: return location
 *
 * Returns: whether it was saved in its folder
 */
gboolean
kslurm_sandbox_spec_save(const KslurmSandboxSpec *spec, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, "sandbox.conf");

  g_key_file_set_integer(file, GROUP, "nodes", (int)spec->nodes);
  g_key_file_set_integer(file, GROUP, "cpus", (int)spec->cpus);
  g_key_file_set_integer(file, GROUP, "gpus", (int)spec->gpus);
  g_key_file_set_uint64(file, GROUP, "megabytes", spec->megabytes);
  g_key_file_set_integer(file, GROUP, "message-timeout", (int)spec->message_timeout);
  g_key_file_set_boolean(file, GROUP, "accounting", spec->accounting);
  g_key_file_set_boolean(file, GROUP, "tmpdir", spec->tmpdir);
  g_key_file_set_integer(file, GROUP, "owner", spec->owner);
  return g_key_file_save_to_file(file, path, error);
}

/**
 * kslurm_sandbox_spec_free: (skip)
 * @spec: (transfer full): a sandbox
 */
void
kslurm_sandbox_spec_free(KslurmSandboxSpec *spec)
{
  g_free(spec->dir);
  g_free(spec);
}

/**
 * kslurm_sandbox_spec_to_options: (skip)
 * @spec: a sandbox
 *
 * Returns: (transfer full): the options that make one like it
 */
char *
kslurm_sandbox_spec_to_options(const KslurmSandboxSpec *spec)
{
  return g_strdup_printf("--nodes %u --cpus %u --mem %" G_GUINT64_FORMAT "M --gpus %u "
                         "--message-timeout %u%s%s",
                         spec->nodes, spec->cpus, spec->megabytes, spec->gpus,
                         spec->message_timeout, spec->accounting ? " --accounting" : "",
                         spec->tmpdir ? "" : " --no-tmpdir");
}

/**
 * kslurm_sandbox_spec_dup_path: (skip)
 * @spec: a sandbox
 * @below: a path in its folder
 *
 * Returns: (transfer full): the whole path
 */
char *
kslurm_sandbox_spec_dup_path(const KslurmSandboxSpec *spec, const char *below)
{
  return g_build_filename(spec->dir, below, NULL);
}

/**
 * kslurm_sandbox_spec_dup_daemons: (skip)
 * @spec: a sandbox
 *
 * Returns: (transfer full) (element-type utf8): the names of its daemons, in the order of
 *   their start
 */
GPtrArray *
kslurm_sandbox_spec_dup_daemons(const KslurmSandboxSpec *spec)
{
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

  g_ptr_array_add(names, g_strdup("munged"));
  if (spec->accounting) {
    g_ptr_array_add(names, g_strdup("mariadbd"));
    g_ptr_array_add(names, g_strdup("slurmdbd"));
  }
  g_ptr_array_add(names, g_strdup("slurmctld"));
  for (guint i = 1; i <= spec->nodes; i++)
    g_ptr_array_add(names, g_strdup_printf("node%u", i));
  return names;
}
