/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/* a folder that is open as long as somebody holds it, on any thread */
typedef struct {
  int fd;
} KslurmTreeFolder;

KslurmTreeFolder *kslurm_tree_folder_new(int fd);
KslurmTreeFolder *kslurm_tree_folder_hold(KslurmTreeFolder *folder);
void kslurm_tree_folder_release(KslurmTreeFolder *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmTreeFolder, kslurm_tree_folder_release)

G_END_DECLS
