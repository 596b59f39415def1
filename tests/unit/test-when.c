/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-when.h"

static void
test_words(void)
{
  static const struct {
    const char *start;
    const char *words;
  } cases[] = {{"2026-11-23T22:00:10", "now"},
               {"2026-11-23T21:00:00", "now"},
               {"2026-11-23T22:12:00", "today at 22:12 (in 12 min)"},
               {"2026-11-24T07:10:00", "tomorrow at 07:10 (in 9 h)"},
               {"2026-11-25T21:59:00", "on 2026-11-25 at 21:59 (in 2 d)"},
               {"2026-12-01T08:00:00", "on 2026-12-01 at 08:00 (in 7 d)"}};
  g_autoptr(GTimeZone) zone = g_time_zone_new_local();
  g_autoptr(GDateTime) now = g_date_time_new_from_iso8601("2026-11-23T22:00:00", zone);

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GDateTime) start = g_date_time_new_from_iso8601(cases[i].start, zone);
    g_autofree char *words = kslurm_when_to_words(start, now);

    g_assert_cmpstr(words, ==, cases[i].words);
  }
}

static void
test_queue(void)
{
  static const struct {
    const char *rows;
    const char *words;
  } cases[] = {{"", "now"},
               {"RUNNING|None|2026-11-23T21:00:00\n", "now"},
               {"PENDING|Resources|N/A\nRUNNING|None|2026-11-23T21:00:00\n", "now"},
               {"PENDING|Resources|N/A\n", NULL},
               {"PENDING|None|2026-11-23T22:12:00\n", "today at 22:12 (in 12 min)"},
               {"PENDING|BeginTime|2026-11-24T07:10:00\n", "tomorrow at 07:10 (in 9 h)"},
               {"PENDING|JobHeldUser|N/A\n", "once you release it: scontrol release 7"},
               {"PENDING|JobHeldAdmin|N/A\n", "once an administrator releases it"},
               {"PENDING|Dependency|N/A\n", "once the jobs that it waits for have ended"},
               {"what is this\n", NULL}};
  g_autoptr(GTimeZone) zone = g_time_zone_new_local();
  g_autoptr(GDateTime) now = g_date_time_new_from_iso8601("2026-11-23T22:00:00", zone);

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *words = kslurm_when_queue_to_words(cases[i].rows, "7", now);

    g_assert_cmpstr(words, ==, cases[i].words);
  }
}

static void
test_estimate(void)
{
  g_autoptr(GDateTime) plain = kslurm_when_parse_estimate(
      "sbatch: Job 1 to start at 2026-11-23T06:26:44 using 4 processors on nodes node1");
  g_autoptr(GDateTime) none = kslurm_when_parse_estimate("allocation failure: no");
  g_autoptr(GDateTime) cut = kslurm_when_parse_estimate("sbatch: Job 1 to start at 2026-");

  g_assert_nonnull(plain);
  g_assert_cmpint(g_date_time_get_hour(plain), ==, 6);
  g_assert_null(none);
  g_assert_null(cut);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/when/words", test_words);
  g_test_add_func("/when/queue", test_queue);
  g_test_add_func("/when/estimate", test_estimate);
  return g_test_run();
}
