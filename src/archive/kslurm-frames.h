/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/* the head: one zstd frame with the facts, then a skippable frame up to this size */
#define KSLURM_FRAMES_HEAD_SIZE 262144
/* the most bytes of tar in a frame, the head's frame included */
#define KSLURM_FRAMES_PART_SIZE (16u << 20)
#define KSLURM_FRAMES_LEVEL 3
#define KSLURM_FRAMES_FOOTER_SIZE 9
#define KSLURM_FRAMES_FACTS_NAME ".kslurm/venv.json"

typedef struct {
  guint64 offset; /* in the file */
  guint32 compressed;
  guint32 decompressed;
} KslurmFrame;

void kslurm_frames_add(GArray *frames, guint32 compressed, guint32 decompressed);
GBytes *kslurm_frames_encode(GArray *frames);
gsize kslurm_frames_get_table_size(const guint8 *footer);
GArray *
kslurm_frames_decode(const guint8 *table, gsize length, guint64 size, GError **error);

GBytes *kslurm_frames_encode_head(const char *facts, gsize length, gint64 time);
guint32 kslurm_frames_get_head_content(const guint8 *head, gsize length);
gboolean kslurm_frames_is_head(const guint8 *head, gsize length);
char *kslurm_frames_decode_head(const guint8 *head,
                                gsize length,
                                gsize *facts_length,
                                GError **error);

gboolean kslurm_frames_is_ours(int fd);
GArray *kslurm_frames_find(int fd, guint64 size, GError **error);
char *kslurm_frames_read_facts(int fd, gsize *length, GError **error);

G_END_DECLS
