/* SPDX-License-Identifier: MIT */
#pragma once

#include <sqfs/block_processor.h>
#include <sqfs/block_writer.h>
#include <sqfs/compressor.h>
#include <sqfs/dir_writer.h>
#include <sqfs/frag_table.h>
#include <sqfs/id_table.h>
#include <sqfs/io.h>
#include <sqfs/meta_writer.h>
#include <sqfs/super.h>

#include "archive/kslurm-squash-writer.h"

G_BEGIN_DECLS

struct _KslurmSquashWriter {
  sqfs_super_t super;
  sqfs_file_t *file;
  sqfs_compressor_t *compressor;
  sqfs_compressor_t *decompressor;
  sqfs_block_writer_t *blocks;
  sqfs_frag_table_t *fragments;
  sqfs_block_processor_t *processor;
  sqfs_id_table_t *ids;
  gboolean in_file;
};

int kslurm_squash_writer_write_tables(KslurmSquashWriter *writer, KslurmSquashTree *tree);

G_END_DECLS
