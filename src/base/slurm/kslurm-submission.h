/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/request/kslurm-plan.h"

G_BEGIN_DECLS

typedef struct _KslurmSubmission KslurmSubmission;

KslurmSubmission *
kslurm_submission_start(KslurmPlan *plan, gboolean estimate, GCancellable *cancellable);
char *kslurm_submission_finish(KslurmSubmission *submission, GError **error);
const char *kslurm_submission_get_estimate(KslurmSubmission *submission, const char *job);
void kslurm_submission_free(KslurmSubmission *submission);

char *
kslurm_submission_estimate(KslurmPlan *plan, GCancellable *cancellable, GError **error);

char *kslurm_submission_fill_pattern(const char *pattern, const char *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmSubmission, kslurm_submission_free)

G_END_DECLS
