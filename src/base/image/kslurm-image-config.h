/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmImageConfig: (skip)
 * @os: "linux"
 * @arch: "amd64"
 * @variant: (nullable): "v8"
 * @created: (nullable): as it is written
 * @user: (nullable): who runs in it
 * @directory: (nullable): where that starts
 * @diff_ids: (array zero-terminated=1): the digests of the layers, uncompressed, the lowest
 *   first
 * @entrypoint: (nullable) (array zero-terminated=1): what runs
 * @command: (nullable) (array zero-terminated=1): its arguments, or what runs
 * @environ: (array zero-terminated=1): "NAME=VALUE"
 * @labels: (element-type utf8 utf8): by name
 *
 * How an image wants to be run.
 */
typedef struct {
  char *os;
  char *arch;
  char *variant;
  char *created;
  char *user;
  char *directory;
  char **diff_ids;
  char **entrypoint;
  char **command;
  char **environ;
  GHashTable *labels;
} KslurmImageConfig;

KslurmImageConfig *
kslurm_image_config_parse(const char *data, gssize length, GError **error);
void kslurm_image_config_free(KslurmImageConfig *config);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmImageConfig, kslurm_image_config_free)

G_END_DECLS
