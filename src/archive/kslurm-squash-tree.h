/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sqfs/inode.h>
#include <sys/types.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmSquashNode KslurmSquashNode;
struct _KslurmSquashNode {
  char *name;
  mode_t mode;
  guint32 time;
  char *target;                /* of a symlink */
  sqfs_inode_generic_t *inode; /* of a file: its blocks */
  GPtrArray *children;         /* (element-type KslurmSquashNode): of a folder */
  KslurmSquashNode *link;      /* of a hard link: the file */
  guint32 links;
  guint32 number;
  guint64 reference; /* where its inode was written */
  gboolean is_written;
};

typedef struct {
  KslurmSquashNode *root;
  GHashTable *nodes; /* (element-type utf8 KslurmSquashNode): by path */
  GPtrArray *all;
} KslurmSquashTree;

KslurmSquashTree *kslurm_squash_tree_new(void);
void kslurm_squash_tree_free(KslurmSquashTree *tree);

KslurmSquashNode *kslurm_squash_tree_add(
    KslurmSquashTree *tree, const char *path, mode_t mode, gint64 time, GError **error);
gboolean kslurm_squash_tree_add_link(KslurmSquashTree *tree,
                                     const char *path,
                                     const char *target,
                                     GError **error);
void kslurm_squash_tree_remove(KslurmSquashTree *tree, const char *path);
guint32 kslurm_squash_tree_number(KslurmSquashTree *tree);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmSquashTree, kslurm_squash_tree_free)

G_END_DECLS
