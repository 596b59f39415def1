/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"
#include "base/util/kslurm-progress.h"
#include "base/venv/kslurm-venv-facts.h"

G_BEGIN_DECLS

gboolean kslurm_squash_build(int archive,
                             int image,
                             const KslurmVenvFacts *facts,
                             guint workers,
                             char ***unknown,
                             KslurmProgress *progress,
                             GCancellable *cancellable,
                             GError **error);

gboolean kslurm_squash_ensure(const char *archive,
                              const char *image,
                              guint workers,
                              char ***unknown,
                              KslurmProgress *progress,
                              GCancellable *cancellable,
                              GError **error);

G_END_DECLS
