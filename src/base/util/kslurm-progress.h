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
void kslurm_progress_keep(KslurmProgress *progress, guint64 bytes);
void kslurm_progress_end(KslurmProgress *progress);

void kslurm_progress_add_part(KslurmProgress *progress, KslurmProgress *part);
void kslurm_progress_drop_parts(KslurmProgress *progress);

void kslurm_progress_set_log(KslurmProgress *progress, gint64 interval_us);
gboolean kslurm_progress_is_log_due(KslurmProgress *progress, gint64 since_us);

char *kslurm_progress_to_text(KslurmProgress *progress, gint64 now_us, int columns);
char *kslurm_progress_to_plain(KslurmProgress *progress, gint64 now_us);
GPtrArray *
kslurm_progress_to_lines(KslurmProgress *progress, gint64 now_us, int columns, int rows);

char *kslurm_progress_to_note(KslurmProgress *progress);
gboolean kslurm_progress_read_note(const char *note, guint64 *bytes, guint64 *all);
void kslurm_progress_follow(KslurmProgress *progress, const char *note);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmProgress, kslurm_progress_free)

G_END_DECLS
