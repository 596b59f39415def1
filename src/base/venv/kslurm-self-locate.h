/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/* names the environment that a command of kslurm_mount_exec() runs in */
#define KSLURM_MOUNT_VARIABLE "KSLURM_MOUNT"

typedef enum {
  KSLURM_SELF_LOCATED_NOT,    /* does not name the place, or does no harm */
  KSLURM_SELF_LOCATED_YES,    /* finds itself now */
  KSLURM_SELF_LOCATED_UNKNOWN /* names the place, and cannot find itself */
} KslurmSelfLocated;

KslurmSelfLocated
kslurm_self_locate(const char *place, const char *name, GBytes *bytes, GBytes **changed);

char *
kslurm_self_locate_dup_target(const char *place, const char *name, const char *target);

G_END_DECLS
