/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmPrefetchKind: (skip)
 * @KSLURM_PREFETCH_LIST: an image on each line
 * @KSLURM_PREFETCH_TEXT: any text, in which 'docker://' and 'oras://' mark images
 * @KSLURM_PREFETCH_SNAKEMAKE: a Snakefile
 * @KSLURM_PREFETCH_NEXTFLOW: a nextflow.config, or a pipeline's '.nf'
 */
typedef enum {
  KSLURM_PREFETCH_LIST,
  KSLURM_PREFETCH_TEXT,
  KSLURM_PREFETCH_SNAKEMAKE,
  KSLURM_PREFETCH_NEXTFLOW
} KslurmPrefetchKind;

/**
 * KslurmPrefetch: (skip)
 * @uris: (element-type utf8): images, as they are written, each once
 * @includes: (element-type utf8): other files that the text names, as it writes them; some
 *   may not be there
 * @skipped: (element-type utf8): "LINE: TEXT" where an image is computed, or is none
 * @registry: (nullable): what a configuration puts before images without a host
 *
 * What a workflow names.
 */
typedef struct {
  GPtrArray *uris;
  GPtrArray *includes;
  GPtrArray *skipped;
  char *registry;
} KslurmPrefetch;

KslurmPrefetch *kslurm_image_prefetch_new(void);
void kslurm_image_prefetch_free(KslurmPrefetch *prefetch);

KslurmPrefetchKind kslurm_image_prefetch_guess(const char *path);
void kslurm_image_prefetch_scan(KslurmPrefetch *prefetch,
                                KslurmPrefetchKind kind,
                                const char *data,
                                gssize length);
char **kslurm_image_prefetch_list(const KslurmPrefetch *prefetch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmPrefetch, kslurm_image_prefetch_free)

G_END_DECLS
