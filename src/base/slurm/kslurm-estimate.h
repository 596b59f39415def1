/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/request/kslurm-plan.h"

G_BEGIN_DECLS

GDateTime *kslurm_estimate_ask(KslurmPlan *plan,
                               void (*sent)(gpointer data),
                               gpointer data,
                               GCancellable *cancellable,
                               GError **error);

char *kslurm_estimate_refine(GDateTime *guess, const char *job, GCancellable *cancellable);

G_END_DECLS
