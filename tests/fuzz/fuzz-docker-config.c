/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/image/kslurm-docker-config.h"

static const char *const hosts[] = {"docker.io", "ghcr.io", "quay.io", "node:5000"};

/* a helper's name stays one of a program, and a token fits into a header */
static void
check_host(KslurmDockerConfig *config, const char *host)
{
  const char *helper = kslurm_docker_config_get_helper(config, host, "org/x");
  g_autoptr(KslurmCredential) credential = NULL;
  g_autoptr(GError) error = NULL;
  gboolean read = kslurm_docker_config_find(config, host, "org/x", &credential, &error);

  if (helper != NULL && (helper[0] == '\0' || strchr(helper, '/') != NULL))
    __builtin_trap();
  if (read != (error == NULL) || (credential != NULL && !read))
    __builtin_trap();
  for (const char *p = credential != NULL ? credential->token : NULL; p != NULL && *p; p++)
    if (!g_ascii_isgraph(*p))
      __builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmDockerConfig) config =
      kslurm_docker_config_parse((const char *)data, (gssize)size, &error);
  g_autoptr(KslurmCredential) answer =
      kslurm_credential_from_helper((const char *)data, (gssize)size, NULL);

  if ((config == NULL) != (error != NULL))
    __builtin_trap();
  for (gsize i = 0; config != NULL && i < G_N_ELEMENTS(hosts); i++)
    check_host(config, hosts[i]);
  return 0;
}
