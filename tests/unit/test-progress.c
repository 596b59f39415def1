/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-progress.h"

#define THREADS 4
#define ROUNDS 1000
#define LONG_US ((gint64)1000 * 1000 * G_USEC_PER_SEC) /* what a test takes is nothing */

static char *
draw(KslurmProgress *progress, int columns)
{
  return kslurm_progress_to_text(progress, g_get_monotonic_time() + LONG_US, columns);
}

static void
test_nothing(void)
{
  g_autoptr(KslurmProgress) progress = kslurm_progress_new();

  g_assert_null(draw(progress, 80));
  kslurm_progress_begin(progress, "x", 0, 0);
  kslurm_progress_end(progress);
  g_assert_null(draw(progress, 80));
  kslurm_progress_begin(NULL, "x", 0, 0);
  kslurm_progress_add(NULL, 1, 1);
  kslurm_progress_end(NULL);
}

static void
test_widths(void)
{
  g_autoptr(KslurmProgress) progress = kslurm_progress_new();
  g_autofree char *cut = NULL, *whole = NULL;

  kslurm_progress_begin(progress, "saving 'é'", (guint64)2000000000000000, 40000);
  for (int columns = 0; columns < 150; columns++) {
    g_autofree char *text = draw(progress, columns);

    g_assert_cmpint(g_utf8_strlen(text, -1), <=, columns);
  }
  cut = draw(progress, 9);
  g_assert_cmpstr(cut, ==, "saving 'é");
  whole = draw(progress, 10);
  g_assert_cmpstr(whole, ==, "saving 'é'");
}

static void
test_line(void)
{
  g_autoptr(KslurmProgress) progress = kslurm_progress_new();
  g_autofree char *wide = NULL, *narrow = NULL, *unknown = NULL;

  kslurm_progress_begin(progress, "saving 'x'", (guint64)2000000000000000, 40000);
  kslurm_progress_add(progress, (guint64)1998000000000000, 39960);
  wide = draw(progress, 120);
  g_assert_cmpstr(wide, ==,
                  "saving 'x'  [=============================>]  2.0 PB of 2.0 PB  "
                  "16:41 left  39960 of 40000 files  2.0 GB/s");
  narrow = draw(progress, 56);
  g_assert_cmpstr(narrow, ==, "saving 'x'  [===========>]  2.0 PB of 2.0 PB  16:41 left");
  kslurm_progress_begin(progress, "a\033[2Jb\nc", 0, 0);
  kslurm_progress_add(progress, 5000000000000, 7);
  unknown = draw(progress, 80);
  g_assert_cmpstr(unknown, ==, "a[2Jb c  5.0 TB  7 files  5.0 MB/s");
}

static void
test_more_than_all(void)
{
  g_autoptr(KslurmProgress) progress = kslurm_progress_new();
  g_autofree char *text = NULL;

  kslurm_progress_begin(progress, "x", 0, 2);
  kslurm_progress_add(progress, 0, 5);
  text = draw(progress, 60);
  g_assert_cmpstr(text, ==, "x  [==============================]  0:00 left  5 of 2 files");
}

static gpointer
count(gpointer data)
{
  for (int i = 0; i < ROUNDS; i++)
    kslurm_progress_add(data, 1, 1);
  return NULL;
}

static void
test_threads(void)
{
  g_autoptr(KslurmProgress) progress = kslurm_progress_new();
  GThread *threads[THREADS];
  g_autofree char *text = NULL;

  kslurm_progress_begin(progress, "x", 0, 0);
  for (int i = 0; i < THREADS; i++)
    threads[i] = g_thread_new(NULL, count, progress);
  for (int i = 0; i < THREADS; i++)
    g_thread_join(threads[i]);
  text = draw(progress, 80);
  g_assert_nonnull(g_strstr_len(text, -1, "4000 files"));
}

static void
test_kept(void)
{
  g_autoptr(KslurmProgress) progress = kslurm_progress_new();
  g_autofree char *begun = NULL, *later = NULL;

  kslurm_progress_begin(progress, "x", (guint64)4000000000000000, 0);
  kslurm_progress_add(progress, (guint64)2000000000000000, 0);
  kslurm_progress_keep(progress, (guint64)2000000000000000);
  begun = kslurm_progress_to_plain(progress, g_get_monotonic_time() + LONG_US);
  g_assert_cmpstr(begun, ==, "x  2.0 PB of 4.0 PB");
  kslurm_progress_add(progress, (guint64)1998000000000000, 0);
  later = kslurm_progress_to_plain(progress, g_get_monotonic_time() + LONG_US);
  g_assert_cmpstr(later, ==, "x  4.0 PB of 4.0 PB  16:41 left  2.0 GB/s");
}

static void
test_parts(void)
{
  g_autoptr(KslurmProgress) whole = kslurm_progress_new();
  g_autoptr(KslurmProgress) first = kslurm_progress_new();
  g_autoptr(KslurmProgress) second = kslurm_progress_new();
  g_autoptr(GPtrArray) all = NULL, one = NULL;

  kslurm_progress_add_part(whole, first);
  kslurm_progress_add_part(whole, second);
  g_assert_null(kslurm_progress_to_lines(whole, 0, 80, 24));
  kslurm_progress_begin(whole, "all", 0, 0);
  kslurm_progress_begin(second, "second", 0, 0);
  all = kslurm_progress_to_lines(whole, 0, 80, 24);
  g_assert_cmpuint(all->len, ==, 2);
  g_assert_cmpstr(all->pdata[0], ==, "second");
  g_assert_cmpstr(all->pdata[1], ==, "all");
  one = kslurm_progress_to_lines(whole, 0, 80, 1);
  g_assert_cmpuint(one->len, ==, 1);
  kslurm_progress_drop_parts(whole);
  g_ptr_array_unref(all);
  all = kslurm_progress_to_lines(whole, 0, 80, 24);
  g_assert_cmpuint(all->len, ==, 1);
}

static void
test_log(void)
{
  g_autoptr(KslurmProgress) progress = kslurm_progress_new();

  g_assert_false(kslurm_progress_is_log_due(progress, G_MAXINT64));
  kslurm_progress_set_log(progress, 10);
  g_assert_false(kslurm_progress_is_log_due(progress, 9));
  g_assert_true(kslurm_progress_is_log_due(progress, 10));
}

static void
test_note(void)
{
  static const char *const wrong[] = {"", "1", "1 2 3", "a 2", "1 -2", "1  2"};
  g_autoptr(KslurmProgress) owner = kslurm_progress_new();
  g_autoptr(KslurmProgress) waiter = kslurm_progress_new();
  g_autofree char *note = NULL, *followed = NULL;
  guint64 bytes = 0, all = 0;

  kslurm_progress_begin(owner, "x", 100, 0);
  kslurm_progress_add(owner, 7, 0);
  note = kslurm_progress_to_note(owner);
  g_assert_cmpstr(note, ==, "7 100");
  kslurm_progress_begin(waiter, "y", 0, 0);
  kslurm_progress_follow(waiter, note);
  kslurm_progress_follow(waiter, "no note");
  followed = kslurm_progress_to_note(waiter);
  g_assert_cmpstr(followed, ==, "7 100");
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
    g_assert_false(kslurm_progress_read_note(wrong[i], &bytes, &all));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/progress/nothing", test_nothing);
  g_test_add_func("/progress/widths", test_widths);
  g_test_add_func("/progress/line", test_line);
  g_test_add_func("/progress/more-than-all", test_more_than_all);
  g_test_add_func("/progress/threads", test_threads);
  g_test_add_func("/progress/kept", test_kept);
  g_test_add_func("/progress/parts", test_parts);
  g_test_add_func("/progress/log", test_log);
  g_test_add_func("/progress/note", test_note);
  return g_test_run();
}
