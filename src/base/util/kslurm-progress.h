/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmProgress KslurmProgress;

KslurmProgress *kslurm_progress_new(void);
void kslurm_progress_free(KslurmProgress *progress);

void kslurm_progress_begin(KslurmProgress *progress,
                           const char *label,
                           guint64 bytes,
                           guint64 files);
void kslurm_progress_add(KslurmProgress *progress, guint64 bytes, guint64 files);
void kslurm_progress_end(KslurmProgress *progress);

char *kslurm_progress_to_text(KslurmProgress *progress, gint64 now_us, int columns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmProgress, kslurm_progress_free)

G_END_DECLS
