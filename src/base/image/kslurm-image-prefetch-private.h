/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-image-prefetch.h"

G_BEGIN_DECLS

/* a text between quotes; 'computed' when some of it is not known before the workflow runs
 */
typedef struct {
  char *text;
  gboolean computed;
} KslurmLiteral;

GPtrArray *kslurm_literals_new(void);
const char *
kslurm_literal_take_python(const char *quote, gboolean format, GPtrArray *literals);
const char *kslurm_literal_take_groovy(const char *quote, GPtrArray *literals);

void kslurm_image_prefetch_add(KslurmPrefetch *prefetch, const char *uri);
void kslurm_image_prefetch_skip(KslurmPrefetch *prefetch,
                                const char *text,
                                const char *at,
                                const char *end);

void kslurm_image_prefetch_scan_snakemake(KslurmPrefetch *prefetch, const char *text);
void kslurm_image_prefetch_scan_nextflow(KslurmPrefetch *prefetch, const char *text);

G_END_DECLS
