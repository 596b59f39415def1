/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"

G_BEGIN_DECLS

struct _KslurmCall {
  const KslurmVerb *program;
  const KslurmVerb *verb;
  char **argv;
  GPtrArray *given;   /* KslurmGiven */
  GPtrArray *foreign; /* KslurmForeignUse */
  GPtrArray *rest;    /* borrowed words, NULL last */
  GPtrArray *notes;   /* char * */
  KslurmProgress *progress;
  void (*hold)(gpointer holder, gboolean held); /* keeps the drawing out of the way */
  gpointer holder;
  gpointer data;
  GDestroyNotify destroy;
};

G_END_DECLS
