/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "archive/kslurm-frame-reader.h"
#include "archive/kslurm-frames.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "unit.h"

#define SIZE 70000
#define FRAMES 40

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZSTD_CCtx, ZSTD_freeCCtx)

/* the i-th frame holds the byte i, SIZE + i times */
static GArray *
write_frames(int fd)
{
  GArray *frames = g_array_new(FALSE, FALSE, sizeof(KslurmFrame));
  g_autoptr(ZSTD_CCtx) context = ZSTD_createCCtx();

  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  for (guint i = 0; i < FRAMES; i++) {
    char packed[1024];
    g_autofree char *plain = g_malloc(SIZE + i);
    gsize size = 0;

    memset(plain, (int)i, SIZE + i);
    size = ZSTD_compress2(context, packed, sizeof packed, plain, SIZE + i);
    g_assert_false(ZSTD_isError(size));
    g_assert_true(kslurm_fd_write_all(fd, packed, size));
    kslurm_frames_add(frames, (guint32)size, SIZE + i);
  }
  return frames;
}

static void
check_bytes(const KslurmFrameBytes *bytes, guint i)
{
  g_assert_cmpuint(bytes->size, ==, SIZE + i);
  g_assert_cmpint(bytes->data[0], ==, (char)i);
  g_assert_cmpint(memcmp(bytes->data, bytes->data + 1, bytes->size - 1), ==, 0);
}

static void
test_order(void)
{
  kslurm_autofd int fd = memfd_create("frames", MFD_CLOEXEC);
  g_autoptr(GArray) frames = write_frames(fd);

  for (guint threads = 1; threads <= 8; threads *= 2) {
    g_autoptr(KslurmFrameReader) reader = kslurm_frame_reader_new(fd, frames, threads);
    KslurmFrameBytes *held = NULL;
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < FRAMES; i++) {
      KslurmFrameBytes *bytes = kslurm_frame_reader_next(reader, &error);

      g_assert_no_error(error);
      check_bytes(bytes, i);
      if (held != NULL) {
        check_bytes(held, i - 1);
        kslurm_frame_bytes_release(held);
      }
      held = kslurm_frame_bytes_hold(bytes);
      kslurm_frame_bytes_release(bytes);
    }
    kslurm_frame_bytes_release(held);
    g_assert_null(kslurm_frame_reader_next(reader, &error));
    g_assert_no_error(error);
  }
}

static void
test_leave_early(void)
{
  kslurm_autofd int fd = memfd_create("frames", MFD_CLOEXEC);
  g_autoptr(GArray) frames = write_frames(fd);

  for (guint taken = 0; taken < 3; taken++) {
    g_autoptr(KslurmFrameReader) reader = kslurm_frame_reader_new(fd, frames, 2);

    for (guint i = 0; i < taken; i++)
      kslurm_frame_bytes_release(kslurm_frame_reader_next(reader, NULL));
  }
}

/* those before the damage are given, and it is reported in its place */
static void
check_damage(int fd, GArray *frames, guint whole, const char *message)
{
  g_autoptr(KslurmFrameReader) reader = kslurm_frame_reader_new(fd, frames, 2);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < whole; i++) {
    KslurmFrameBytes *bytes = kslurm_frame_reader_next(reader, NULL);

    check_bytes(bytes, i);
    kslurm_frame_bytes_release(bytes);
  }
  g_assert_null(kslurm_frame_reader_next(reader, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
  g_assert_nonnull(strstr(error->message, message));
}

static void
test_damage(void)
{
  kslurm_autofd int fd = memfd_create("frames", MFD_CLOEXEC);
  g_autoptr(GArray) frames = write_frames(fd);
  KslurmFrame *frame = &g_array_index(frames, KslurmFrame, 7);
  off_t last = (off_t)(frame->offset + frame->compressed - 1);
  guint8 byte = 0;

  frame->decompressed++;
  check_damage(fd, frames, 7, "it is damaged");
  frame->decompressed--;
  g_assert_cmpint(pread(fd, &byte, 1, last), ==, 1);
  byte ^= 1;
  g_assert_cmpint(pwrite(fd, &byte, 1, last), ==, 1);
  check_damage(fd, frames, 7, "it is damaged");
  g_assert_cmpint(ftruncate(fd, last), ==, 0);
  check_damage(fd, frames, 7, "it is cut short");
}

static void
test_stream(void)
{
  kslurm_autofd int fd = memfd_create("frames", MFD_CLOEXEC);
  g_autoptr(GArray) frames = write_frames(fd);
  g_autoptr(KslurmFrameReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  gsize total = 0;
  KslurmFrameBytes *bytes = NULL;

  g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
  reader = kslurm_frame_reader_new_stream(fd, &error);
  g_assert_no_error(error);
  while ((bytes = kslurm_frame_reader_next(reader, &error)) != NULL) {
    total += bytes->size;
    kslurm_frame_bytes_release(bytes);
  }
  g_assert_no_error(error);
  g_assert_cmpuint(total, ==, FRAMES * SIZE + FRAMES * (FRAMES - 1) / 2);
}

static void
test_empty_stream(void)
{
  kslurm_autofd int fd = memfd_create("frames", MFD_CLOEXEC);
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmFrameReader) reader = kslurm_frame_reader_new_stream(fd, &error);

  g_assert_no_error(error);
  g_assert_null(kslurm_frame_reader_next(reader, &error));
  g_assert_no_error(error);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/frame-reader/order", test_order);
  g_test_add_func("/frame-reader/leave-early", test_leave_early);
  g_test_add_func("/frame-reader/damage", test_damage);
  g_test_add_func("/frame-reader/stream", test_stream);
  g_test_add_func("/frame-reader/empty-stream", test_empty_stream);
  return g_test_run();
}
