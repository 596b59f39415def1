/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <zstd.h>

#include "archive/kslurm-frames-private.h"
#include "archive/kslurm-frames.h"

#define BLOCK 512
#define FILL_MAGIC ZSTD_MAGIC_SKIPPABLE_START
/* costs nothing on so little text, and lets more names fit */
#define HEAD_LEVEL 12

/* where a ustar header has its members */
enum {
  AT_NAME = 0,
  AT_MODE = 100,
  AT_UID = 108,
  AT_GID = 116,
  AT_SIZE = 124,
  AT_TIME = 136,
  AT_SUM = 148,
  AT_TYPE = 156,
  AT_MAGIC = 257
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZSTD_CCtx, ZSTD_freeCCtx)

static void
fill_header(char *header, gsize length, gint64 time)
{
  guint sum = 0;

  memset(header, 0, BLOCK);
  memcpy(header + AT_NAME, KSLURM_FRAMES_FACTS_NAME, sizeof KSLURM_FRAMES_FACTS_NAME);
  memcpy(header + AT_MODE, "0000644", 8);
  memcpy(header + AT_UID, "0000000", 8);
  memcpy(header + AT_GID, "0000000", 8);
  snprintf(header + AT_SIZE, 12, "%011o", (guint)length);
  snprintf(header + AT_TIME, 12, "%011" G_GINT64_MODIFIER "o",
           (guint64)CLAMP(time, 0, 077777777777));
  memset(header + AT_SUM, ' ', 8);
  header[AT_TYPE] = '0';
  memcpy(header + AT_MAGIC, "ustar\00000", 8);
  for (int i = 0; i < BLOCK; i++)
    sum += (guint8)header[i];
  snprintf(header + AT_SUM, 7, "%06o", sum);
}

/**
 * kslurm_frames_encode_head: (skip)
 * @facts: (array length=length): the facts as JSON
 * @length: in bytes
 * @time: the member's time
 *
 * Makes the head of an archive: a frame with the facts as the tar's first member, and a
 * skippable frame that fills up to %KSLURM_FRAMES_HEAD_SIZE.
 *
 * Returns: (transfer full) (nullable): the head, or %NULL when @facts do not fit into it
 */
GBytes *
kslurm_frames_encode_head(const char *facts, gsize length, gint64 time)
{
  gsize content = BLOCK + (length + BLOCK - 1) / BLOCK * BLOCK;
  gsize room = KSLURM_FRAMES_HEAD_SIZE - KSLURM_FRAMES_SKIP_SIZE;
  g_autofree char *tar = NULL;
  g_autofree guint8 *head = NULL;
  g_autoptr(ZSTD_CCtx) context = NULL;
  gsize used = 0;

  if (length > KSLURM_FRAMES_PART_SIZE - BLOCK || content > KSLURM_FRAMES_PART_SIZE)
    return NULL;
  tar = g_malloc0(content);
  head = g_malloc0(KSLURM_FRAMES_HEAD_SIZE);
  fill_header(tar, length, time);
  memcpy(tar + BLOCK, facts, length);
  context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, HEAD_LEVEL);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  used = ZSTD_compress2(context, head, room, tar, content);
  if (ZSTD_isError(used))
    return NULL;
  kslurm_frames_put_u32(head + used, FILL_MAGIC);
  kslurm_frames_put_u32(head + used + 4, (guint32)(room - used));
  return g_bytes_new_take(g_steal_pointer(&head), KSLURM_FRAMES_HEAD_SIZE);
}

/**
 * kslurm_frames_get_head_content: (skip)
 * @head: (array length=length): the head of an archive
 * @length: in bytes
 *
 * Says how many bytes of tar the head holds, for its entry in the seek table.
 *
 * Returns: the bytes, or 0 when the head is damaged
 */
guint32
kslurm_frames_get_head_content(const guint8 *head, gsize length)
{
  unsigned long long content = ZSTD_getFrameContentSize(head, length);

  if (content == ZSTD_CONTENTSIZE_UNKNOWN || content == ZSTD_CONTENTSIZE_ERROR ||
      content > KSLURM_FRAMES_PART_SIZE)
    return 0;
  return (guint32)content;
}

/* gives where the frame with the facts ends, or 0 */
static gsize
find_fill(const guint8 *head, gsize length)
{
  gsize used = ZSTD_findFrameCompressedSize(head, length);

  if (ZSTD_isError(used) || used + KSLURM_FRAMES_SKIP_SIZE > length ||
      kslurm_frames_get_u32(head + used) != FILL_MAGIC ||
      used + KSLURM_FRAMES_SKIP_SIZE + kslurm_frames_get_u32(head + used + 4) !=
          KSLURM_FRAMES_HEAD_SIZE)
    return 0;
  return used;
}

/**
 * kslurm_frames_is_head: (skip)
 * @head: (array length=length): the first bytes of a file
 * @length: in bytes
 *
 * Says whether a file begins as our archives do: a frame, and then one that fills up.
 *
 * Returns: %TRUE for an archive of ours, be it whole or not
 */
gboolean
kslurm_frames_is_head(const guint8 *head, gsize length)
{
  return find_fill(head, length) > 0;
}

/* the frame's checksum was right, so the tar is what we wrote, or what an enemy wrote */
static char *
dup_facts(const char *tar, gsize content, gsize *facts_length)
{
  char digits[12] = {0};
  char *end = NULL;
  guint64 size = 0;

  if (content < BLOCK ||
      memcmp(tar, KSLURM_FRAMES_FACTS_NAME, sizeof KSLURM_FRAMES_FACTS_NAME) != 0)
    return NULL;
  memcpy(digits, tar + AT_SIZE, sizeof digits - 1);
  size = g_ascii_strtoull(digits, &end, 8);
  if (end == digits || *end != '\0' || size > content - BLOCK)
    return NULL;
  *facts_length = (gsize)size;
  return g_strndup(tar + BLOCK, (gsize)size);
}

/**
 * kslurm_frames_decode_head: (skip)
 * @head: (array length=length): the first %KSLURM_FRAMES_HEAD_SIZE bytes of an archive
 * @length: in bytes
 * @facts_length: (out): how many bytes the facts have
 * @error: return location
 *
 * Takes the facts out of a head. Its checksum is verified, the facts themselves are not.
 *
 * Returns: (transfer full) (nullable): JSON that ends with NUL, or %NULL with
 * %KSLURM_ERROR_CORRUPT set
 */
char *
kslurm_frames_decode_head(const guint8 *head,
                          gsize length,
                          gsize *facts_length,
                          GError **error)
{
  gsize used = find_fill(head, length);
  guint32 content = kslurm_frames_get_head_content(head, length);
  g_autofree char *tar = NULL;
  char *facts = NULL;

  if (length == KSLURM_FRAMES_HEAD_SIZE && content > 0 && used > 0) {
    tar = g_malloc(content);
    if (ZSTD_decompress(tar, content, head, used) == content)
      facts = dup_facts(tar, content, facts_length);
  }
  if (facts == NULL)
    kslurm_frames_set_damaged(error);
  return facts;
}
