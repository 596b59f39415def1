/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

#define KSLURM_RETRY_PATIENCE 60 /* seconds that a server may ask us to wait */

/**
 * KslurmRetry: (skip)
 * @status: of the answer
 * @retry_after: (nullable): its header: seconds or a date
 * @limit: (nullable): its header: "100;w=21600"
 * @remaining: (nullable): its header: "0;w=21600"
 *
 * What a server that refuses for now says of later.
 */
typedef struct {
  guint status;
  const char *retry_after;
  const char *limit;
  const char *remaining;
} KslurmRetry;

int kslurm_retry_get_pause(const KslurmRetry *retry, guint attempt, gint64 now);
void kslurm_retry_set_error(const KslurmRetry *retry,
                            const char *host,
                            const char *words,
                            gint64 now,
                            GError **error);

G_END_DECLS
