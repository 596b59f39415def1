/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-frames.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <zstd.h>

#include "archive/kslurm-frames-private.h"
#include "base/util/kslurm-error.h"

#define TABLE_MAGIC 0x184D2A5Eu
#define FOOTER_MAGIC 0x8F92EAB1u
#define ENTRY_SIZE 8
#define MAX_FRAMES (1u << 20)

/**
 * kslurm_frames_put_u32: (skip)
 * @to: four bytes
 * @value: a number
 *
 * Writes the little-endian number that all of zstd's formats use.
 */
void
kslurm_frames_put_u32(guint8 *to, guint32 value)
{
  guint32 little = GUINT32_TO_LE(value);

  memcpy(to, &little, sizeof little);
}

/**
 * kslurm_frames_get_u32: (skip)
 * @from: four bytes
 *
 * Reads what kslurm_frames_put_u32() wrote.
 *
 * Returns: the number
 */
guint32
kslurm_frames_get_u32(const guint8 *from)
{
  guint32 little = 0;

  memcpy(&little, from, sizeof little);
  return GUINT32_FROM_LE(little);
}

/**
 * kslurm_frames_add: (skip)
 * @frames: (element-type KslurmFrame): the frames so far
 * @compressed: bytes in the file
 * @decompressed: bytes of tar
 *
 * Appends a frame, which follows the last one in the file.
 */
void
kslurm_frames_add(GArray *frames, guint32 compressed, guint32 decompressed)
{
  KslurmFrame frame = {0, compressed, decompressed};

  if (frames->len > 0) {
    const KslurmFrame *last = &g_array_index(frames, KslurmFrame, frames->len - 1);

    frame.offset = last->offset + last->compressed;
  }
  g_array_append_val(frames, frame);
}

/**
 * kslurm_frames_encode: (skip)
 * @frames: (element-type KslurmFrame): all frames, the head first
 *
 * Makes the seek table that ends an archive, in zstd's seekable format.
 *
 * Returns: (transfer full): a skippable frame
 */
GBytes *
kslurm_frames_encode(GArray *frames)
{
  gsize length =
      KSLURM_FRAMES_SKIP_SIZE + frames->len * ENTRY_SIZE + KSLURM_FRAMES_FOOTER_SIZE;
  guint8 *table = g_malloc0(length);
  guint8 *to = table + KSLURM_FRAMES_SKIP_SIZE;

  kslurm_frames_put_u32(table, TABLE_MAGIC);
  kslurm_frames_put_u32(table + 4, (guint32)(length - KSLURM_FRAMES_SKIP_SIZE));
  for (guint i = 0; i < frames->len; i++, to += ENTRY_SIZE) {
    kslurm_frames_put_u32(to, g_array_index(frames, KslurmFrame, i).compressed);
    kslurm_frames_put_u32(to + 4, g_array_index(frames, KslurmFrame, i).decompressed);
  }
  kslurm_frames_put_u32(to, frames->len);
  kslurm_frames_put_u32(to + 5, FOOTER_MAGIC);
  return g_bytes_new_take(table, length);
}

/**
 * kslurm_frames_get_table_size: (skip)
 * @footer: the last %KSLURM_FRAMES_FOOTER_SIZE bytes of a file
 *
 * Says how many bytes at the end of the file are its seek table.
 *
 * Returns: the table's size, or 0 when that is no footer of ours
 */
gsize
kslurm_frames_get_table_size(const guint8 *footer)
{
  guint32 n = kslurm_frames_get_u32(footer);

  if (kslurm_frames_get_u32(footer + 5) != FOOTER_MAGIC || footer[4] != 0 || n == 0 ||
      n > MAX_FRAMES)
    return 0;
  return KSLURM_FRAMES_SKIP_SIZE + (gsize)n * ENTRY_SIZE + KSLURM_FRAMES_FOOTER_SIZE;
}

/**
 * kslurm_frames_set_damaged: (skip)
 * @error: return location
 *
 * Sets %KSLURM_ERROR_CORRUPT; who knows the file's name prefixes it.
 */
void
kslurm_frames_set_damaged(GError **error)
{
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                      _("the archive is cut short or damaged"));
}

static gboolean
add_entries(GArray *frames, const guint8 *from, gsize n)
{
  for (gsize i = 0; i < n; i++, from += ENTRY_SIZE) {
    guint32 compressed = kslurm_frames_get_u32(from);
    guint32 decompressed = kslurm_frames_get_u32(from + 4);

    if (compressed == 0 ||
        compressed > ZSTD_COMPRESSBOUND((gsize)KSLURM_FRAMES_PART_SIZE) ||
        decompressed == 0 || decompressed > KSLURM_FRAMES_PART_SIZE)
      return FALSE;
    kslurm_frames_add(frames, compressed, decompressed);
  }
  return g_array_index(frames, KslurmFrame, 0).compressed == KSLURM_FRAMES_HEAD_SIZE;
}

/**
 * kslurm_frames_decode: (skip)
 * @table: (array length=length): the end of a file, as long as its footer says
 * @length: in bytes
 * @size: of the whole file
 * @error: return location
 *
 * Reads a seek table. The frames that it gives cover every byte before it, the first is the
 * head, and no frame is larger than a part may be.
 *
 * Returns: (transfer full) (nullable) (element-type KslurmFrame): the frames, or %NULL with
 * %KSLURM_ERROR_CORRUPT set
 */
GArray *
kslurm_frames_decode(const guint8 *table, gsize length, guint64 size, GError **error)
{
  g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(KslurmFrame));
  gsize edges = KSLURM_FRAMES_SKIP_SIZE + KSLURM_FRAMES_FOOTER_SIZE;

  if (length > edges && length < size &&
      kslurm_frames_get_table_size(table + length - KSLURM_FRAMES_FOOTER_SIZE) == length &&
      kslurm_frames_get_u32(table) == TABLE_MAGIC &&
      kslurm_frames_get_u32(table + 4) == length - KSLURM_FRAMES_SKIP_SIZE &&
      add_entries(frames, table + KSLURM_FRAMES_SKIP_SIZE, (length - edges) / ENTRY_SIZE)) {
    const KslurmFrame *last = &g_array_index(frames, KslurmFrame, frames->len - 1);

    if (last->offset + last->compressed + length == size)
      return g_steal_pointer(&frames);
  }
  kslurm_frames_set_damaged(error);
  return NULL;
}
