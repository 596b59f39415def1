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
  gint64 kept;         /* the bytes of them */
} KslurmSquashBuild;

gboolean kslurm_squash_build_take(const char *path,
                                  struct archive_entry *entry,
                                  gpointer data,
                                  GError **error);

G_END_DECLS
