/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/request/kslurm-plan-private.h"

G_BEGIN_DECLS

char **kslurm_plan_venv_dup_before(KslurmPlan *plan);

void kslurm_plan_venv_append_spread(KslurmPlan *plan, GString *text);

GBytes *kslurm_plan_venv_wrap(KslurmPlan *plan, GBytes *script, const char *name);

void kslurm_plan_venv_warn(KslurmPlan *plan, KslurmConfig *config);

G_END_DECLS
