/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"
#include "base/util/kslurm-progress.h"

G_BEGIN_DECLS

/* the verb, without help, that a program with images has: IMAGE FOLDER COMMAND… */
#define KSLURM_IMAGE_VERB "mount"

/**
 * KslurmImage: (skip)
 * @path: of the squashfs image
 * @folder: where it is mounted
 * @unknown: (nullable): when the image was made just now, the files in it that name the old
 *   place and cannot find themselves
 *
 * An environment that is ready to be mounted.
 */
typedef struct {
  char *path;
  char *folder;
  char **unknown;
} KslurmImage;

KslurmImage *kslurm_image_prepare(const char *archive,
                                  const char *name,
                                  const char *tmp,
                                  guint workers,
                                  KslurmProgress *progress,
                                  GCancellable *cancellable,
                                  GError **error);
void kslurm_image_free(KslurmImage *image);

gboolean kslurm_image_exec(const KslurmImage *image,
                           const char *const *argv,
                           const char *const *envp,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmImage, kslurm_image_free)

G_END_DECLS
