/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call-private.h"

G_BEGIN_DECLS

/* a call's argument vector, and how far it is read */
typedef struct {
  KslurmCall *call;
  const char *const *argv;
  gsize i;           /* the word in hand */
  gboolean finished; /* '--help', '--version': what follows does not matter */
} KslurmScan;

gboolean kslurm_scan_give(KslurmScan *scan,
                          const KslurmArg *arg,
                          const char *value,
                          const char *typed,
                          GError **error);

gboolean kslurm_scan_take_long(KslurmScan *scan, GError **error);
gboolean kslurm_scan_take_letters(KslurmScan *scan, GError **error);

G_END_DECLS
