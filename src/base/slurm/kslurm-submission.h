/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/request/kslurm-plan.h"

G_BEGIN_DECLS

typedef struct _KslurmSubmission KslurmSubmission;

KslurmSubmission *
kslurm_submission_start(KslurmPlan *plan, gboolean estimate, GCancellable *cancellable);
char *kslurm_submission_finish(KslurmSubmission *submission, GError **error);
int kslurm_submission_get_status(KslurmSubmission *submission);
char *kslurm_submission_dup_start(KslurmSubmission *submission, const char *job);
void kslurm_submission_free(KslurmSubmission *submission);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmSubmission, kslurm_submission_free)

G_END_DECLS
