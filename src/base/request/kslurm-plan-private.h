/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/request/kslurm-plan.h"
#include "base/request/kslurm-request-private.h"
#include "base/request/kslurm-setting.h"

G_BEGIN_DECLS

/* all that a plan depends on besides the request and the environment */
typedef struct {
  KslurmConfig *config;
  gboolean terminal; /* both stdin and stdout */
  GBytes *script;    /* or NULL */
} KslurmWorld;

struct _KslurmPlan {
  KslurmRequest *request;
  GPtrArray *settings; /* KslurmSetting of every level */
  GPtrArray *notes;    /* char *, NULL last */
  GPtrArray *argv;     /* char *, NULL last */
  char **environ;      /* the caller's */
  char *kpy;           /* how the nodes find it */
  char *init;          /* the file of shell text for lines, or NULL */
  char *rc;            /* the folder of files for a shell's start, or NULL */
  GPtrArray *unset;    /* char *, names that the child must not have */
  GBytes *input;
  char *step_of; /* the job's id, for a step */
};

void kslurm_plan_add(KslurmPlan *plan, const char *word);
void kslurm_plan_add_options(KslurmPlan *plan);
void kslurm_plan_note(KslurmPlan *plan, const char *format, ...) G_GNUC_PRINTF(2, 3);

void kslurm_plan_run(KslurmPlan *plan, const KslurmWorld *world);
void kslurm_plan_batch(KslurmPlan *plan, const KslurmWorld *world);

void kslurm_plan_ask(KslurmPlan *plan, const KslurmWorld *world, const char *prefix);
void kslurm_plan_leave_job(KslurmPlan *plan);
char *kslurm_plan_take_variable(KslurmPlan *plan, const char *name);

G_END_DECLS
