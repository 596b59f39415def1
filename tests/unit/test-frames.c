/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "archive/kslurm-frames.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "unit.h"

#define DAMAGED "the archive is cut short or damaged"
#define FACTS "{\"version\": 1, \"name\": \"caf\303\251\"}"

static GArray *
make_frames(const guint32 *sizes, guint n)
{
  GArray *frames = g_array_new(FALSE, FALSE, sizeof(KslurmFrame));

  for (guint i = 0; i < n; i++)
    kslurm_frames_add(frames, sizes[2 * i], sizes[2 * i + 1]);
  return frames;
}

static void
test_table(void)
{
  static const guint32 sizes[] = {KSLURM_FRAMES_HEAD_SIZE, 1024, 700, 16777216, 33, 10240};
  g_autoptr(GArray) frames = make_frames(sizes, 3);
  g_autoptr(GBytes) table = kslurm_frames_encode(frames);
  g_autoptr(GArray) found = NULL;
  g_autoptr(GError) error = NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data(table, &length);

  g_assert_cmpuint(length, ==, 8 + 3 * 8 + 9);
  g_assert_cmpuint(kslurm_frames_get_table_size(data + length - KSLURM_FRAMES_FOOTER_SIZE),
                   ==, length);
  found =
      kslurm_frames_decode(data, length, KSLURM_FRAMES_HEAD_SIZE + 733 + length, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(found->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const KslurmFrame *frame = &g_array_index(found, KslurmFrame, i);

    g_assert_cmpuint(frame->compressed, ==, sizes[2 * i]);
    g_assert_cmpuint(frame->decompressed, ==, sizes[2 * i + 1]);
  }
  g_assert_cmpuint(g_array_index(found, KslurmFrame, 2).offset, ==, 262144 + 700);
}

typedef struct {
  guint32 sizes[4];
  int more; /* bytes that the file has more than the table says */
} BadTable;

static void
test_bad_tables(void)
{
  static const BadTable cases[] = {
      {{KSLURM_FRAMES_HEAD_SIZE, 1024, 700, 9}, 1},
      {{KSLURM_FRAMES_HEAD_SIZE, 1024, 700, 9}, -1},
      {{KSLURM_FRAMES_HEAD_SIZE - 1, 1024, 700, 9}, 0},
      {{KSLURM_FRAMES_HEAD_SIZE, 0, 700, 9}, 0},
      {{KSLURM_FRAMES_HEAD_SIZE, 1024, 0, 9}, 0},
      {{KSLURM_FRAMES_HEAD_SIZE, 1024, 700, KSLURM_FRAMES_PART_SIZE + 1}, 0},
      {{KSLURM_FRAMES_HEAD_SIZE, 1024, 40u << 20, 9}, 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GArray) frames = make_frames(cases[i].sizes, 2);
    g_autoptr(GBytes) table = kslurm_frames_encode(frames);
    g_autoptr(GError) error = NULL;
    gsize length = 0;
    const guint8 *data = g_bytes_get_data(table, &length);
    guint64 size = (guint64)cases[i].sizes[0] + cases[i].sizes[2] + length;

    g_assert_null(
        kslurm_frames_decode(data, length, size + (guint64)cases[i].more, &error));
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT, DAMAGED);
  }
}

/* a byte changed anywhere in a table is seen, or changes what it says */
static void
test_flipped_table(void)
{
  static const guint32 sizes[] = {KSLURM_FRAMES_HEAD_SIZE, 1024, 700, 16777216};
  g_autoptr(GArray) frames = make_frames(sizes, 2);
  g_autoptr(GBytes) table = kslurm_frames_encode(frames);
  gsize length = g_bytes_get_size(table);

  for (gsize i = 0; i < length; i++) {
    g_autofree guint8 *copy = g_memdup2(g_bytes_get_data(table, NULL), length);
    g_autoptr(GArray) found = NULL;

    copy[i] ^= 1;
    found =
        kslurm_frames_decode(copy, length, KSLURM_FRAMES_HEAD_SIZE + 700 + length, NULL);
    g_assert_true(found == NULL || i == 8 + 4 || i == 8 + 5 || i == 8 + 6 || i == 16 + 4 ||
                  i == 16 + 5 || i == 16 + 6);
  }
}

static void
test_head(void)
{
  g_autoptr(GBytes) bytes = kslurm_frames_encode_head(FACTS, strlen(FACTS), 1700000000);
  g_autoptr(GError) error = NULL;
  gsize length = 0, size = 0;
  const guint8 *head = g_bytes_get_data(bytes, &size);
  g_autofree char *facts = kslurm_frames_decode_head(head, size, &length, &error);
  g_autofree guint8 *copy = g_memdup2(head, size);

  g_assert_no_error(error);
  g_assert_cmpuint(size, ==, KSLURM_FRAMES_HEAD_SIZE);
  g_assert_cmpmem(facts, length, FACTS, strlen(FACTS));
  g_assert_cmpuint(kslurm_frames_get_head_content(head, size), ==, 1024);
  g_assert_true(kslurm_frames_is_head(head, size));
  g_assert_true(kslurm_frames_is_head(head, 600));
  g_assert_false(kslurm_frames_is_head(head, 20));
  g_assert_null(kslurm_frames_decode_head(head, size - 1, &length, NULL));
  copy[60] ^= 1;
  g_assert_true(kslurm_frames_is_head(copy, size));
  g_assert_null(kslurm_frames_decode_head(copy, size, &length, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT, DAMAGED);
}

/* what cannot be compressed into the head is refused, what can be is kept to the byte */
static void
test_large_facts(void)
{
  g_autofree char *random = g_malloc(KSLURM_FRAMES_HEAD_SIZE);
  g_autofree char *plain = g_strnfill(2000000, 'x');
  g_autoptr(GBytes) bytes = kslurm_frames_encode_head(plain, 2000000, -1);
  g_autofree char *facts = NULL;
  guint32 state = 1;
  gsize length = 0;

  for (gsize i = 0; i < KSLURM_FRAMES_HEAD_SIZE; i++)
    random[i] = (char)((state = state * 1664525u + 1013904223u) >> 24);
  g_assert_null(kslurm_frames_encode_head(random, KSLURM_FRAMES_HEAD_SIZE, 0));
  g_assert_null(kslurm_frames_encode_head(plain, KSLURM_FRAMES_PART_SIZE, 0));
  facts = kslurm_frames_decode_head(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                    &length, NULL);
  g_assert_cmpmem(facts, length, plain, 2000000);
}

static int
make_file(const char *facts, const char *part)
{
  g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(KslurmFrame));
  g_autoptr(GBytes) head = kslurm_frames_encode_head(facts, strlen(facts), 0);
  g_autoptr(GBytes) table = NULL;
  int fd = memfd_create("archive", MFD_CLOEXEC);
  char frame[512];
  gsize size = ZSTD_compress(frame, sizeof frame, part, strlen(part), 3);

  kslurm_frames_add(frames, KSLURM_FRAMES_HEAD_SIZE, 1024);
  kslurm_frames_add(frames, (guint32)size, (guint32)strlen(part));
  table = kslurm_frames_encode(frames);
  g_assert_true(
      kslurm_fd_write_all(fd, g_bytes_get_data(head, NULL), KSLURM_FRAMES_HEAD_SIZE));
  g_assert_true(kslurm_fd_write_all(fd, frame, size));
  g_assert_true(
      kslurm_fd_write_all(fd, g_bytes_get_data(table, NULL), g_bytes_get_size(table)));
  return fd;
}

static void
test_file(void)
{
  int fd = make_file(FACTS, "tar");
  guint64 size = (guint64)lseek(fd, 0, SEEK_END);
  g_autoptr(GArray) frames = kslurm_frames_find(fd, size, NULL);
  gsize length = 0;
  g_autofree char *facts = kslurm_frames_read_facts(fd, &length, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint(frames->len, ==, 2);
  g_assert_cmpstr(facts, ==, FACTS);
  g_assert_true(kslurm_frames_is_ours(fd));
  g_assert_null(kslurm_frames_find(fd, size - 1, NULL));
  g_assert_cmpint(ftruncate(fd, 100000), ==, 0);
  g_assert_true(kslurm_frames_is_ours(fd));
  g_assert_null(kslurm_frames_read_facts(fd, &length, NULL));
  g_assert_null(kslurm_frames_find(fd, 100000, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT, DAMAGED);
  g_assert_cmpint(ftruncate(fd, 0), ==, 0);
  g_assert_false(kslurm_frames_is_ours(fd));
  g_assert_null(kslurm_frames_find(fd, 0, NULL));
  close(fd);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/frames/table", test_table);
  g_test_add_func("/frames/bad-tables", test_bad_tables);
  g_test_add_func("/frames/flipped-table", test_flipped_table);
  g_test_add_func("/frames/head", test_head);
  g_test_add_func("/frames/large-facts", test_large_facts);
  g_test_add_func("/frames/file", test_file);
  return g_test_run();
}
