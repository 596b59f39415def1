/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmHits KslurmHits;

KslurmHits *kslurm_hits_new(const char *const *places);
void kslurm_hits_begin(KslurmHits *hits, gboolean searched);
void kslurm_hits_add(KslurmHits *hits, const void *data, gsize length);
gboolean kslurm_hits_end(KslurmHits *hits);
gboolean kslurm_hits_is_searched(const char *name);
void kslurm_hits_free(KslurmHits *hits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmHits, kslurm_hits_free)

G_END_DECLS
