/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/request/kslurm-request.h"

G_BEGIN_DECLS

#define KSLURM_TYPE_PLAN (kslurm_plan_get_type())

/**
 * KslurmPlan:
 *
 * Exactly what is to be run for a request.
 */
typedef struct _KslurmPlan KslurmPlan;

KSLURM_PUBLIC GType kslurm_plan_get_type(void);

KSLURM_PUBLIC KslurmPlan *kslurm_plan_new(KslurmRequest *request,
                                          KslurmConfig *config,
                                          const char *const *environ,
                                          gboolean terminal,
                                          GBytes *script,
                                          GError **error);

KSLURM_PUBLIC KslurmPlan *kslurm_plan_ref(KslurmPlan *plan);
KSLURM_PUBLIC void kslurm_plan_unref(KslurmPlan *plan);

KSLURM_PUBLIC const char *const *kslurm_plan_get_argv(KslurmPlan *plan);
KSLURM_PUBLIC GBytes *kslurm_plan_get_input(KslurmPlan *plan);
KSLURM_PUBLIC const char *kslurm_plan_get_step_of(KslurmPlan *plan);
KSLURM_PUBLIC const char *kslurm_plan_get_option(KslurmPlan *plan, const char *group);
KSLURM_PUBLIC const char *kslurm_plan_get_value(KslurmPlan *plan, const char *group);
KSLURM_PUBLIC const char *kslurm_plan_get_option_value(KslurmPlan *plan,
                                                       const char *option);
KSLURM_PUBLIC const char *const *kslurm_plan_get_notes(KslurmPlan *plan);
KSLURM_PUBLIC char *kslurm_plan_dup_output(KslurmPlan *plan, const char *job);
KSLURM_PUBLIC char **kslurm_plan_dup_environ(KslurmPlan *plan);
KSLURM_PUBLIC char *kslurm_plan_to_line(KslurmPlan *plan);
KSLURM_PUBLIC char *kslurm_plan_to_words(KslurmPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmPlan, kslurm_plan_unref)

G_END_DECLS
