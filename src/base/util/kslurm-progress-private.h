/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/util/kslurm-progress.h"

G_BEGIN_DECLS

/* GLib's atomic operations know no 64 bits on all machines */
struct _KslurmProgress {
  GMutex mutex; /* of what a begin sets */
  char *label;  /* NULL: nothing is drawn */
  guint64 all_bytes, all_files;
  gint64 begun_us;
  guint64 bytes, files, kept; /* atomic */
  gint64 log_us;              /* 0: no lines in a log */
  GPtrArray *parts;           /* KslurmProgress, borrowed; NULL: none */
};

G_END_DECLS
