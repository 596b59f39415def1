/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sqfs/error.h>
#include <string.h>

#include "archive/kslurm-squash-file.h"
#include "archive/kslurm-squash-writer-private.h"
#include "base/util/kslurm-error-private.h"

#define BLOCK_SIZE 131072
#define DEVICE_BLOCK_SIZE 4096
#define LEVEL 3
/* blocks that wait for a worker: they bound the memory */
#define BACKLOG 16

static gboolean
check(KslurmSquashWriter *writer, int code, GError **error)
{
  int why = writer->file != NULL ? kslurm_squash_file_get_errno(writer->file) : 0;

  if (code == 0)
    return TRUE;
  if (why != 0)
    return kslurm_set_errno(error, why, _("cannot write the image"));
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_FAILED,
              _("cannot make the image: libsquashfs says %d"), code);
  return FALSE;
}

static int
make_compressors(KslurmSquashWriter *writer)
{
  sqfs_compressor_config_t config;
  int code = sqfs_compressor_config_init(&config, SQFS_COMP_ZSTD, BLOCK_SIZE, 0);

  config.level = LEVEL;
  if (code == 0)
    code = sqfs_compressor_create(&config, &writer->compressor);
  config.flags |= SQFS_COMP_FLAG_UNCOMPRESS;
  return code != 0 ? code : sqfs_compressor_create(&config, &writer->decompressor);
}

/* the compressor's level stands right behind the super block */
static int
write_head(KslurmSquashWriter *writer, guint32 time)
{
  int code = sqfs_super_init(&writer->super, BLOCK_SIZE, time, SQFS_COMP_ZSTD), written = 0;

  if (code == 0)
    code = sqfs_super_write(&writer->super, writer->file);
  if (code != 0)
    return code;
  written = writer->compressor->write_options(writer->compressor, writer->file);
  if (written > 0)
    writer->super.flags |= SQFS_FLAG_COMPRESSOR_OPTIONS;
  return MIN(written, 0);
}

static int
make_processor(KslurmSquashWriter *writer, guint workers)
{
  sqfs_block_processor_desc_t desc = {.size = sizeof desc,
                                      .max_block_size = BLOCK_SIZE,
                                      .num_workers = workers,
                                      .max_backlog = BACKLOG * workers,
                                      .cmp = writer->compressor,
                                      .file = writer->file,
                                      .uncmp = writer->decompressor};

  writer->blocks = sqfs_block_writer_create(writer->file, DEVICE_BLOCK_SIZE, 0);
  writer->fragments = sqfs_frag_table_create(0);
  writer->ids = sqfs_id_table_create(0);
  if (writer->blocks == NULL || writer->fragments == NULL || writer->ids == NULL)
    return SQFS_ERROR_ALLOC;
  desc.wr = writer->blocks;
  desc.tbl = writer->fragments;
  return sqfs_block_processor_create_ex(&desc, &writer->processor);
}

/**
 * kslurm_squash_writer_new: (skip)
 * @fd: an empty file, open for reading and writing; stays the caller's
 * @workers: how many compress
 * @time: the image's own, in seconds since 1970
 * @error: return location
 *
 * Begins an image. Files go into it as they come, in any order; the tree is written last.
 *
 * Returns: (transfer full) (nullable): the writer, or %NULL with @error set
 */
KslurmSquashWriter *
kslurm_squash_writer_new(int fd, guint workers, gint64 time, GError **error)
{
  g_autoptr(KslurmSquashWriter) writer = g_new0(KslurmSquashWriter, 1);
  int code = make_compressors(writer);

  writer->file = kslurm_squash_file_new(fd);
  if (code == 0)
    code = write_head(writer, (guint32)CLAMP(time, 0, G_MAXUINT32));
  if (code == 0)
    code = make_processor(writer, workers);
  if (!check(writer, code, error))
    return NULL;
  return g_steal_pointer(&writer);
}

/**
 * kslurm_squash_writer_free: (skip)
 * @writer: (transfer full): a writer; the nodes of its files still exist
 */
void
kslurm_squash_writer_free(KslurmSquashWriter *writer)
{
  /* the library frees the blocks only of what has ended */
  if (writer->in_file)
    sqfs_block_processor_end_file(writer->processor);
  if (writer->processor != NULL)
    sqfs_block_processor_finish(writer->processor);
  sqfs_destroy(writer->processor);
  sqfs_destroy(writer->ids);
  sqfs_destroy(writer->fragments);
  sqfs_destroy(writer->blocks);
  sqfs_destroy(writer->decompressor);
  sqfs_destroy(writer->compressor);
  sqfs_destroy(writer->file);
  g_free(writer);
}

/**
 * kslurm_squash_writer_begin: (skip)
 * @writer: a writer
 * @file: a node that outlives the writer, and gets the place of the data
 * @error: return location
 *
 * Returns: whether the file's data can come
 */
gboolean
kslurm_squash_writer_begin(KslurmSquashWriter *writer,
                           KslurmSquashNode *file,
                           GError **error)
{
  int code = sqfs_block_processor_begin_file(writer->processor, &file->inode, NULL, 0);

  writer->in_file = code == 0;
  return check(writer, code, error);
}

/**
 * kslurm_squash_writer_append: (skip)
 * @writer: a writer in a file
 * @data: (array length=size): more of it
 * @size: in bytes
 * @error: return location
 *
 * Returns: whether nothing failed so far
 */
gboolean
kslurm_squash_writer_append(KslurmSquashWriter *writer,
                            const void *data,
                            gsize size,
                            GError **error)
{
  int code = sqfs_block_processor_append(writer->processor, data, size);

  return check(writer, code, error);
}

/**
 * kslurm_squash_writer_end: (skip)
 * @writer: a writer in a file
 * @error: return location
 *
 * Returns: whether nothing failed so far
 */
gboolean
kslurm_squash_writer_end(KslurmSquashWriter *writer, GError **error)
{
  writer->in_file = FALSE;
  return check(writer, sqfs_block_processor_end_file(writer->processor), error);
}

/**
 * kslurm_squash_writer_finish: (skip)
 * @writer: a writer
 * @tree: what it holds
 * @error: return location
 *
 * Writes the tree, and the super block, without which there is no image.
 *
 * Returns: whether the image is complete
 */
gboolean
kslurm_squash_writer_finish(KslurmSquashWriter *writer,
                            KslurmSquashTree *tree,
                            GError **error)
{
  int code = sqfs_block_processor_finish(writer->processor);

  if (code == 0)
    code = kslurm_squash_writer_write_tables(writer, tree);
  writer->super.bytes_used = writer->file->get_size(writer->file);
  if (code == 0)
    code = sqfs_super_write(&writer->super, writer->file);
  return check(writer, code, error);
}
