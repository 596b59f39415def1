/* SPDX-License-Identifier: MIT */
#pragma once

#include "archive/kslurm-archive-source.h"
#include "archive/kslurm-squash-locator.h"
#include "archive/kslurm-squash-writer.h"
#include "base/util/kslurm-progress.h"

G_BEGIN_DECLS

typedef struct {
  KslurmArchiveSource *source;
  KslurmSquashWriter *writer;
  KslurmSquashTree *tree;
  KslurmSquashLocator *locator;
  KslurmProgress *progress;
  GHashTable *records; /* (element-type utf8 GBytes): not in the image yet */
  gboolean began;
} KslurmSquashBuild;

gboolean kslurm_squash_build_take(KslurmSquashBuild *build,
                                  struct archive_entry *entry,
                                  GError **error);

G_END_DECLS
