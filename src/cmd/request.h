/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/request/kslurm-plan.h"
#include "base/request/kslurm-request-private.h"

G_BEGIN_DECLS

/* what krun and kbatch share */
char **request_dup_environ(KslurmRequest *request, KslurmConfig *config);
int request_list_templates(KslurmCall *call, KslurmConfig *config);
gboolean request_check_venv(KslurmRequest *request,
                            KslurmPlan *plan,
                            KslurmConfig *config,
                            GError **error);
void request_show_plan(KslurmCall *call, KslurmPlan *plan);

G_END_DECLS
