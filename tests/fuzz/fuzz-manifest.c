/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/image/kslurm-image-config.h"
#include "base/image/kslurm-manifest.h"
#include "base/image/kslurm-reference.h"

static void
check_config(const uint8_t *data, size_t size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmImageConfig) config =
      kslurm_image_config_parse((const char *)data, (gssize)size, &error);

  if ((config == NULL) != (error != NULL))
    __builtin_trap();
  for (gsize i = 0; config != NULL && config->diff_ids[i] != NULL; i++)
    if (!kslurm_digest_is_valid(config->diff_ids[i]))
      __builtin_trap();
}

/* what is accepted is whole: no digest is anything else */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmManifest) manifest =
      kslurm_manifest_parse((const char *)data, (gssize)size, NULL, &error);
  g_autoptr(GPtrArray) targets = NULL;

  check_config(data, size);
  if ((manifest == NULL) != (error != NULL))
    __builtin_trap();
  if (manifest == NULL)
    return 0;
  for (guint i = 0; i < manifest->layers->len; i++)
    if (!kslurm_digest_is_valid(((KslurmDescriptor *)manifest->layers->pdata[i])->digest))
      __builtin_trap();
  if (!kslurm_manifest_is_index(manifest))
    return kslurm_digest_is_valid(manifest->config->digest) ? 0 : (__builtin_trap(), 0);
  targets = kslurm_manifest_choose(manifest, "arm/v7", NULL);
  for (guint i = 0; targets != NULL && i < targets->len; i++)
    if (!kslurm_digest_is_valid(((KslurmDescriptor *)targets->pdata[i])->digest))
      __builtin_trap();
  return 0;
}
