/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/image/kslurm-image-prefetch.h"
#include "base/image/kslurm-reference.h"

/* whatever the text, what is found can be pulled and what is said is text */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  for (int kind = KSLURM_PREFETCH_LIST; kind <= KSLURM_PREFETCH_NEXTFLOW; kind++) {
    g_autoptr(KslurmPrefetch) prefetch = kslurm_image_prefetch_new();

    kslurm_image_prefetch_scan(prefetch, (KslurmPrefetchKind)kind, (const char *)data,
                               (gssize)size);
    for (guint i = 0; i < prefetch->uris->len; i++) {
      g_autoptr(KslurmReference) reference =
          kslurm_reference_parse(prefetch->uris->pdata[i], NULL);

      if (reference == NULL)
        __builtin_trap();
    }
    for (guint i = 0; i < prefetch->skipped->len; i++)
      if (!g_utf8_validate(prefetch->skipped->pdata[i], -1, NULL))
        __builtin_trap();
  }
  return 0;
}
