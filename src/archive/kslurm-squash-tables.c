/* SPDX-License-Identifier: MIT */
#include <sqfs/error.h>
#include <string.h>
#include <sys/stat.h>

#include "archive/kslurm-squash-writer-private.h"

#define NO_XATTR 0xffffffffu

typedef struct {
  KslurmSquashWriter *writer;
  sqfs_meta_writer_t *inodes;
  sqfs_meta_writer_t *names;
  sqfs_dir_writer_t *folders;
} Tables;

static void
tables_clear(Tables *tables)
{
  sqfs_destroy(tables->folders);
  sqfs_destroy(tables->names);
  sqfs_destroy(tables->inodes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tables, tables_clear)

/* the owner is root: who mounts an image is not the one who saved the environment, and
 * squashfuse leaves the modes to the kernel, which does not ask */
static int
write_inode(Tables *tables, KslurmSquashNode *node, sqfs_inode_generic_t *inode)
{
  sqfs_u16 owner = 0;
  sqfs_u64 block = 0;
  sqfs_u32 offset = 0;
  int code = sqfs_id_table_id_to_index(tables->writer->ids, 0, &owner);

  if (code != 0)
    return code;
  inode->base.mode = (sqfs_u16)node->mode;
  inode->base.uid_idx = owner;
  inode->base.gid_idx = owner;
  inode->base.mod_time = node->time;
  inode->base.inode_number = node->number;
  sqfs_meta_writer_get_position(tables->inodes, &block, &offset);
  node->reference = block << 16 | offset;
  node->is_written = TRUE;
  return sqfs_meta_writer_write_inode(tables->inodes, inode);
}

static int
write_symlink(Tables *tables, KslurmSquashNode *node)
{
  gsize length = strlen(node->target);
  g_autofree sqfs_inode_generic_t *inode = g_malloc0(sizeof *inode + length + 1);

  inode->base.type = SQFS_INODE_SLINK;
  inode->data.slink.nlink = node->links;
  inode->data.slink.target_size = (sqfs_u32)length;
  inode->payload_bytes_available = (sqfs_u32)length;
  inode->payload_bytes_used = (sqfs_u32)length;
  memcpy(inode->extra, node->target, length);
  return write_inode(tables, node, inode);
}

/* only the larger form of a file's inode counts its names */
static int
write_file(Tables *tables, KslurmSquashNode *node)
{
  int code = 0;

  if (node->inode == NULL)
    return SQFS_ERROR_INTERNAL;
  if (node->links > 1) {
    code = sqfs_inode_make_extended(node->inode);
    node->inode->data.file_ext.nlink = node->links;
  }
  return code != 0 ? code : write_inode(tables, node, node->inode);
}

static int
write_leaf(Tables *tables, KslurmSquashNode *node)
{
  KslurmSquashNode *file = node->link != NULL ? node->link : node;

  if (file->is_written)
    return 0;
  return S_ISLNK(file->mode) ? write_symlink(tables, file) : write_file(tables, file);
}

static int
write_names(Tables *tables, KslurmSquashNode *folder)
{
  int code = sqfs_dir_writer_begin(tables->folders, 0);

  for (guint i = 0; code == 0 && i < folder->children->len; i++) {
    KslurmSquashNode *child = g_ptr_array_index(folder->children, i);
    KslurmSquashNode *file = child->link != NULL ? child->link : child;

    code = sqfs_dir_writer_add_entry(tables->folders, child->name, file->number,
                                     file->reference, (sqfs_u16)file->mode);
  }
  return code != 0 ? code : sqfs_dir_writer_end(tables->folders);
}

static int
write_folder(Tables *tables, KslurmSquashNode *folder, guint32 parent)
{
  sqfs_inode_generic_t *inode = NULL;
  int code = 0;

  for (guint i = 0; code == 0 && i < folder->children->len; i++) {
    KslurmSquashNode *child = g_ptr_array_index(folder->children, i);

    if (S_ISDIR(child->mode))
      code = write_folder(tables, child, folder->number);
  }
  for (guint i = 0; code == 0 && i < folder->children->len; i++) {
    KslurmSquashNode *child = g_ptr_array_index(folder->children, i);

    if (!S_ISDIR(child->mode))
      code = write_leaf(tables, child);
  }
  if (code == 0)
    code = write_names(tables, folder);
  if (code != 0)
    return code;
  inode = sqfs_dir_writer_create_inode(tables->folders, folder->links, NO_XATTR, parent);
  if (inode == NULL)
    return SQFS_ERROR_ALLOC;
  code = write_inode(tables, folder, inode);
  sqfs_free(inode);
  return code;
}

static int
write_tree(KslurmSquashWriter *writer, KslurmSquashTree *tree)
{
  g_auto(Tables) tables = {.writer = writer};
  sqfs_super_t *super = &writer->super;
  int code = 0;

  tables.inodes = sqfs_meta_writer_create(writer->file, writer->compressor, 0);
  tables.names = sqfs_meta_writer_create(writer->file, writer->compressor,
                                         SQFS_META_WRITER_KEEP_IN_MEMORY);
  if (tables.names != NULL)
    tables.folders = sqfs_dir_writer_create(tables.names, 0);
  if (tables.inodes == NULL || tables.folders == NULL)
    return SQFS_ERROR_ALLOC;
  super->inode_count = kslurm_squash_tree_number(tree);
  super->inode_table_start = writer->file->get_size(writer->file);
  /* the root's parent has the number that no inode has */
  code = write_folder(&tables, tree->root, super->inode_count + 1);
  if (code == 0)
    code = sqfs_meta_writer_flush(tables.inodes);
  if (code == 0)
    code = sqfs_meta_writer_flush(tables.names);
  super->root_inode_ref = tree->root->reference;
  super->directory_table_start = writer->file->get_size(writer->file);
  return code != 0 ? code : sqfs_meta_write_write_to_file(tables.names);
}

/**
 * kslurm_squash_writer_write_tables: (skip)
 * @writer: a writer that has all the files
 * @tree: the tree
 *
 * Writes what stands behind the files' data.
 *
 * Returns: 0, or a code of libsquashfs
 */
int
kslurm_squash_writer_write_tables(KslurmSquashWriter *writer, KslurmSquashTree *tree)
{
  int code = write_tree(writer, tree);

  if (code == 0)
    code = sqfs_frag_table_write(writer->fragments, writer->file, &writer->super,
                                 writer->compressor);
  if (code == 0)
    code =
        sqfs_id_table_write(writer->ids, writer->file, &writer->super, writer->compressor);
  return code;
}
