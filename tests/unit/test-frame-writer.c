/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <gio/gio.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "archive/kslurm-frame-writer.h"
#include "archive/kslurm-frames.h"
#include "unit.h"

#define PIECE 1000003
#define PIECES 70

static void
fill_piece(guint8 *piece, guint number)
{
  guint32 state = number;

  for (gsize i = 0; i < PIECE; i++)
    piece[i] = (guint8)((state = state * 1664525u + 1013904223u) >> (number % 2 ? 24 : 31));
}

static GBytes *
make_head(void)
{
  return kslurm_frames_encode_head("{}", 2, 0);
}

static void
write_pieces(int fd, guint workers)
{
  g_autoptr(KslurmFrameWriter) writer = kslurm_frame_writer_new(fd, "x", workers);
  g_autoptr(GBytes) head = make_head();
  g_autofree guint8 *piece = g_malloc(PIECE);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < PIECES; i++) {
    fill_piece(piece, i);
    g_assert_true(kslurm_frame_writer_add(writer, piece, PIECE, &error));
  }
  g_assert_true(kslurm_frame_writer_finish(writer, head, &error));
  g_assert_no_error(error);
}

/* each frame by itself */
static gsize
read_frames(int fd, guint8 *tar)
{
  gsize size = (gsize)lseek(fd, 0, SEEK_END), at = 0;
  guint8 *file = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
  g_autoptr(GArray) frames = kslurm_frames_find(fd, size, NULL);

  g_assert_cmpuint(frames->len, ==, 1 + (gsize)PIECE * PIECES / (16 << 20) + 1);
  for (guint i = 1; i < frames->len; i++) {
    const KslurmFrame *frame = &g_array_index(frames, KslurmFrame, i);

    g_assert_cmpuint(ZSTD_decompress(tar + at, frame->decompressed, file + frame->offset,
                                     frame->compressed),
                     ==, frame->decompressed);
    at += frame->decompressed;
  }
  munmap(file, size);
  return at;
}

static void
test_order(gconstpointer data)
{
  g_autofree guint8 *tar = g_malloc((gsize)PIECE * PIECES);
  g_autofree guint8 *piece = g_malloc(PIECE);
  int fd = memfd_create("archive", MFD_CLOEXEC);

  write_pieces(fd, GPOINTER_TO_UINT(data));
  g_assert_cmpuint(read_frames(fd, tar), ==, (gsize)PIECE * PIECES);
  for (guint i = 0; i < PIECES; i++) {
    fill_piece(piece, i);
    g_assert_cmpint(memcmp(tar + (gsize)i * PIECE, piece, PIECE), ==, 0);
  }
  close(fd);
}

static void
test_full_disk(void)
{
  int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
  g_autoptr(KslurmFrameWriter) writer = kslurm_frame_writer_new(fd, "full", 2);
  g_autoptr(GBytes) head = make_head();
  g_autofree guint8 *piece = g_malloc0(PIECE);
  g_autoptr(GError) error = NULL;
  gboolean done = TRUE;

  for (guint i = 0; i < 20 * PIECES && done; i++)
    done = kslurm_frame_writer_add(writer, piece, PIECE, &error);
  if (done)
    kslurm_frame_writer_finish(writer, head, &error);
  unit_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                    "cannot write 'full': No space left on device");
  close(fd);
}

/* a login node allows few processes: no address space has room for such a stack */
static void
test_no_threads(void)
{
  pthread_attr_t usual, huge;
  guint8 byte = 0;
  g_autoptr(KslurmFrameWriter) writer = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint(pthread_getattr_default_np(&usual), ==, 0);
  g_assert_cmpint(pthread_attr_init(&huge), ==, 0);
  g_assert_cmpint(pthread_attr_setstacksize(&huge, (gsize)1 << 50), ==, 0);
  g_assert_cmpint(pthread_setattr_default_np(&huge), ==, 0);
  writer = kslurm_frame_writer_new(-1, "x", 2);
  g_assert_cmpint(pthread_setattr_default_np(&usual), ==, 0);
  g_assert_false(kslurm_frame_writer_add(writer, &byte, 1, &error));
  unit_assert_error(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
                    "cannot write 'x': Resource temporarily unavailable");
  pthread_attr_destroy(&usual);
  pthread_attr_destroy(&huge);
}

/* what is not finished ends at once */
static void
test_forgotten(void)
{
  int fd = memfd_create("archive", MFD_CLOEXEC);
  KslurmFrameWriter *writer = kslurm_frame_writer_new(fd, "x", 2);
  g_autofree guint8 *piece = g_malloc0(PIECE);

  for (guint i = 0; i < PIECES; i++)
    g_assert_true(kslurm_frame_writer_add(writer, piece, PIECE, NULL));
  kslurm_frame_writer_free(writer);
  close(fd);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/frame-writer/no-threads", test_no_threads);
  g_test_add_data_func("/frame-writer/order/1", GUINT_TO_POINTER(1), test_order);
  g_test_add_data_func("/frame-writer/order/8", GUINT_TO_POINTER(8), test_order);
  g_test_add_func("/frame-writer/full-disk", test_full_disk);
  g_test_add_func("/frame-writer/forgotten", test_forgotten);
  return g_test_run();
}
