/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "archive/kslurm-frames.h"

/* a table that is accepted covers the file and comes out as it went in */
static void
check_table(const uint8_t *data, size_t size)
{
  guint64 whole = KSLURM_FRAMES_HEAD_SIZE + (guint64)size + (size > 0 ? data[0] : 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) frames = kslurm_frames_decode(data, size, whole, &error);
  g_autoptr(GBytes) again = NULL;

  if ((frames == NULL) != (error != NULL))
    __builtin_trap();
  if (frames == NULL)
    return;
  again = kslurm_frames_encode(frames);
  if (g_bytes_get_size(again) != size || memcmp(g_bytes_get_data(again, NULL), data, size))
    __builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree uint8_t *head = g_malloc0(KSLURM_FRAMES_HEAD_SIZE);
  g_autofree char *facts = NULL;
  g_autoptr(GError) error = NULL;
  gsize length = 0;

  memcpy(head, data, MIN(size, KSLURM_FRAMES_HEAD_SIZE));
  kslurm_frames_is_head(data, size);
  facts = kslurm_frames_decode_head(head, KSLURM_FRAMES_HEAD_SIZE, &length, &error);
  if ((facts == NULL) != (error != NULL) || (facts != NULL && facts[length] != '\0'))
    __builtin_trap();
  check_table(data, size);
  return 0;
}
