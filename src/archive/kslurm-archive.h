/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"
#include "base/util/kslurm-progress.h"
#include "base/venv/kslurm-venv-facts.h"

G_BEGIN_DECLS

KslurmVenvFacts *kslurm_archive_read_facts(const char *path, GError **error);

gboolean kslurm_archive_save(const char *prefix,
                             KslurmVenvFacts *facts,
                             const char *path,
                             gboolean replace,
                             guint workers,
                             KslurmProgress *progress,
                             GCancellable *cancellable,
                             GError **error);

gboolean kslurm_archive_load(const char *path,
                             const char *prefix,
                             guint workers,
                             KslurmProgress *progress,
                             GCancellable *cancellable,
                             GError **error);

guint kslurm_archive_count_workers(gboolean login);

G_END_DECLS
