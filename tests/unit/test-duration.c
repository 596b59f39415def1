/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-duration.h"

static const struct {
  const char *text;
  KslurmParse parse;
  guint64 seconds;
} cases[] = {
    {"3:00", KSLURM_PARSE_YES, 10800},
    {"100:00", KSLURM_PARSE_YES, 360000},
    {"1-00:00", KSLURM_PARSE_YES, 86400},
    {"0:30", KSLURM_PARSE_YES, 1800},
    {"2:30:00", KSLURM_PARSE_YES, 9000},
    {"1-12", KSLURM_PARSE_YES, 129600},
    {"90min", KSLURM_PARSE_YES, 5400},
    {"3h", KSLURM_PARSE_YES, 10800},
    {"2d", KSLURM_PARSE_YES, 172800},
    {"1d12h", KSLURM_PARSE_YES, 129600},
    {"1h30", KSLURM_PARSE_YES, 5400},
    {"1h30m", KSLURM_PARSE_YES, 5400},
    {"0:00", KSLURM_PARSE_ERROR, 0},
    {"0h", KSLURM_PARSE_ERROR, 0},
    {"9999999:00", KSLURM_PARSE_ERROR, 0},
    {"3:0", KSLURM_PARSE_ERROR, 0},
    {"99999999999999999999d", KSLURM_PARSE_ERROR, 0},
    {"4", KSLURM_PARSE_NO, 0},
    {"90m", KSLURM_PARSE_NO, 0},
    {"h", KSLURM_PARSE_NO, 0},
    {"", KSLURM_PARSE_NO, 0},
    {"1d2", KSLURM_PARSE_NO, 0},
    {"d1h", KSLURM_PARSE_NO, 0},
    {"file:1", KSLURM_PARSE_NO, 0},
    {"1-2-3", KSLURM_PARSE_NO, 0},
};

static void
test_words(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    guint64 seconds = 0;
    KslurmParse parse = kslurm_duration_parse(cases[i].text, &seconds, &error);

    g_test_message("%s", cases[i].text);
    g_assert_cmpint(parse, ==, cases[i].parse);
    g_assert_cmpint(error != NULL, ==, parse == KSLURM_PARSE_ERROR);
    if (parse == KSLURM_PARSE_YES)
      g_assert_cmpuint(seconds, ==, cases[i].seconds);
  }
}

static void
test_slurm(void)
{
  static const struct {
    const char *text;
    guint64 seconds;
  } slurm[] = {{"5", 300},     {"3:00", 180},     {"1:02:03", 3723},
               {"1-2", 93600}, {"1-2:03", 93780}, {"1-2:03:04", 93784}};
  guint64 seconds = 0;

  for (gsize i = 0; i < G_N_ELEMENTS(slurm); i++) {
    g_assert_true(kslurm_duration_parse_slurm(slurm[i].text, &seconds));
    g_assert_cmpuint(seconds, ==, slurm[i].seconds);
  }
  g_assert_false(kslurm_duration_parse_slurm("UNLIMITED", &seconds));
  g_assert_false(kslurm_duration_parse_slurm("", &seconds));
  g_assert_false(kslurm_duration_parse_slurm("1:2:3:4", &seconds));
}

static void
test_round_trip(void)
{
  for (guint64 seconds = 1; seconds < 40 * 86400; seconds += 4999) {
    g_autofree char *text = kslurm_duration_to_slurm(seconds);
    guint64 read = 0;

    g_assert_true(kslurm_duration_parse_slurm(text, &read));
    g_assert_cmpuint(read, ==, seconds);
  }
}

static void
test_people(void)
{
  static const struct {
    guint64 seconds;
    const char *words;
  } people[] = {{10800, "3 h 00 min"},       {600, "10 min"}, {172800, "2 d"},
                {129600, "1 d 12 h 00 min"}, {30, "30 s"},    {5430, "1 h 30 min 30 s"}};

  for (gsize i = 0; i < G_N_ELEMENTS(people); i++) {
    g_autofree char *words = kslurm_duration_to_words(people[i].seconds);

    g_assert_cmpstr(words, ==, people[i].words);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/duration/words", test_words);
  g_test_add_func("/duration/slurm", test_slurm);
  g_test_add_func("/duration/round-trip", test_round_trip);
  g_test_add_func("/duration/people", test_people);
  return g_test_run();
}
