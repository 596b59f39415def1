/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/util/kslurm-lock.h"

G_BEGIN_DECLS

typedef struct {
  const char *machine; /* where we are, as an owner says it */
  char *seen;          /* the last content */
  gint64 since;        /* when it was new */
  KslurmLockWatch watch;
  gpointer data;
} KslurmLockWait;

void kslurm_lock_wait_look(KslurmLockWait *wait, const char *path);

G_END_DECLS
