/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/util/kslurm-file.h"
#include "base/util/kslurm-process.h"
#include "image/kslurm-auth-private.h"

#define MAX_FILE (1024 * 1024)
#define HELPER_LIMIT 30000

static void
add_file(GPtrArray *files, const char *folder, const char *below, const char *name)
{
  if (folder != NULL && folder[0] != '\0')
    g_ptr_array_add(files, g_build_filename(folder, below, name, NULL));
}

/* a file that is named outright stands for all others */
static GPtrArray *
list_files(void)
{
  GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
  const char *given = g_getenv("REGISTRY_AUTH_FILE");
  const char *docker = g_getenv("DOCKER_CONFIG");

  if (given != NULL && given[0] != '\0') {
    g_ptr_array_add(files, g_strdup(given));
    return files;
  }
  add_file(files, g_getenv("XDG_RUNTIME_DIR"), "containers", "auth.json");
  add_file(files, g_get_user_config_dir(), "containers", "auth.json");
  if (docker != NULL && docker[0] != '\0')
    add_file(files, docker, "", "config.json");
  else
    add_file(files, g_get_home_dir(), ".docker", "config.json");
  return files;
}

/* a helper that is not here, or knows nothing, is as good as none: a config.json travels */
static KslurmCredential *
ask_helper(const char *helper, const char *host, GCancellable *cancellable)
{
  g_autofree char *program = g_strconcat("docker-credential-", helper, NULL);
  const char *argv[] = {program, "get", NULL};
  const char *key = kslurm_docker_config_get_key(host);
  g_autoptr(GBytes) input = g_bytes_new(key, strlen(key));
  KslurmProcessSpec spec = {.argv = argv, .input = input, .timeout_ms = HELPER_LIMIT};
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, cancellable, &error);
  KslurmCredential *credential = NULL;

  if (result != NULL && result->status == 0)
    credential = kslurm_credential_from_helper(result->output, -1, &error);
  if (credential == NULL)
    g_info("'%s' gives nothing for '%s': %s", program, host,
           error != NULL ? error->message : "it failed");
  return credential;
}

static gboolean
look_into(const char *path,
          const char *host,
          const char *repository,
          KslurmCredential **credential,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(KslurmDockerConfig) config = NULL;
  const char *helper = NULL, *data = NULL;
  gsize length = 0;

  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  bytes = kslurm_file_read(path, MAX_FILE, error);
  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data(bytes, &length);
  config = kslurm_docker_config_parse(data, (gssize)length, error);
  if (config == NULL) {
    g_prefix_error(error, "'%s': ", path);
    return FALSE;
  }
  helper = kslurm_docker_config_get_helper(config, host, repository);
  if (helper != NULL)
    *credential = ask_helper(helper, host, cancellable);
  return *credential != NULL ||
         kslurm_docker_config_find(config, host, repository, credential, error);
}

/**
 * kslurm_auth_find_credential: (skip)
 * @host: a registry
 * @repository: (nullable): a repository of it
 * @credential: (out) (nullable): what the user keeps for it
 * @cancellable: (nullable): ends a helper
 * @error: return location
 *
 * Looks where podman and docker keep what a login gave, in their order.
 *
 * Returns: whether what is there could be read
 */
gboolean
kslurm_auth_find_credential(const char *host,
                            const char *repository,
                            KslurmCredential **credential,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr(GPtrArray) files = list_files();

  *credential = NULL;
  for (guint i = 0; i < files->len && *credential == NULL; i++)
    if (!look_into(files->pdata[i], host, repository, credential, cancellable, error))
      return FALSE;
  return !g_cancellable_set_error_if_cancelled(cancellable, error);
}
