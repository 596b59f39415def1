/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "archive/kslurm-frame-writer.h"
#include "archive/kslurm-tar-writer.h"
#include "base/util/kslurm-progress.h"
#include "base/venv/kslurm-venv-facts.h"

G_BEGIN_DECLS

gboolean kslurm_members_write(const char *prefix,
                              KslurmVenvFacts *facts,
                              KslurmFrameWriter *frames,
                              KslurmTarWriter *tar,
                              KslurmProgress *progress,
                              GCancellable *cancellable,
                              GError **error);

gboolean kslurm_members_count(const char *prefix,
                              GCancellable *cancellable,
                              guint64 *bytes,
                              guint64 *files);

G_END_DECLS
