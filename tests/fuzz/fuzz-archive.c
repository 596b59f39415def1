/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <zstd.h>

#include "archive/kslurm-archive.h"
#include "archive/kslurm-frames.h"
#include "archive/kslurm-squash.h"
#include "base/util/kslurm-tree.h"
#include "tests/fuzz/fuzz.h"

/* so small that members lie across several */
#define PART 4096

static char *folder, *to, *path;

static void
make_folder(void)
{
  folder = g_dir_make_tmp("kslurm-fuzz-XXXXXX", NULL);
  to = g_build_filename(folder, "to", NULL);
  path = g_build_filename(folder, "archive", NULL);
  g_mkdir(to, 0700);
}

static void
add_frame(GByteArray *file, GArray *frames, const uint8_t *data, size_t size)
{
  char packed[ZSTD_COMPRESSBOUND(PART)];
  gsize length = ZSTD_compress(packed, sizeof packed, data, size, 1);

  g_byte_array_append(file, (const guint8 *)packed, (guint)length);
  kslurm_frames_add(frames, (guint32)length, (guint32)size);
}

/* an archive of ours around a tar */
static void
wrap(GByteArray *file, const uint8_t *data, size_t size)
{
  g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(KslurmFrame));
  g_autoptr(GBytes) head = kslurm_frames_encode_head("{}", 2, 0);
  g_autoptr(GBytes) table = NULL;
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data(head, &length);

  g_byte_array_append(file, bytes, (guint)length);
  kslurm_frames_add(frames, (guint32)length, kslurm_frames_get_head_content(bytes, length));
  for (size_t done = 0; done < size; done += PART)
    add_frame(file, frames, data + done, MIN(PART, size - done));
  table = kslurm_frames_encode(frames);
  bytes = g_bytes_get_data(table, &length);
  g_byte_array_append(file, bytes, (guint)length);
}

static gboolean
is_empty(void)
{
  g_autoptr(GDir) left = g_dir_open(to, 0, NULL);

  return left != NULL && g_dir_read_name(left) == NULL;
}

/* there is an image, or a reason, and nothing else beside the archive */
static void
check_image(void)
{
  g_autofree char *image = g_strconcat(path, ".sqfs", NULL);
  g_auto(GStrv) unknown = NULL;
  g_autoptr(GError) error = NULL;
  gboolean made = kslurm_squash_ensure(path, image, 1, &unknown, NULL, NULL, &error);

  if (made != (error == NULL) || made != (g_unlink(image) == 0))
    __builtin_trap();
}

static void
check(const guint8 *data, gsize size)
{
  g_autoptr(GError) error = NULL;

  if (!g_file_set_contents(path, (const char *)data, (gssize)size, NULL))
    __builtin_trap();
  if (kslurm_archive_load(path, to, 2, NULL, NULL, &error) != (error == NULL))
    __builtin_trap();
  if (error != NULL && !is_empty())
    __builtin_trap();
  check_image();
  if (!kslurm_tree_remove(to, NULL))
    __builtin_trap();
  g_unlink(path);
  /* that fails when something came beside */
  if (g_rmdir(folder) != 0)
    __builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GByteArray) file = g_byte_array_new();

  wrap(file, data, size);
  make_folder();
  check(file->data, file->len);
  g_mkdir(folder, 0700);
  g_mkdir(to, 0700);
  check(size > 0 ? data : (const uint8_t *)"", size);
  g_free(folder);
  g_free(to);
  g_free(path);
  return 0;
}
