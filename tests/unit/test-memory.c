/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-memory.h"
#include "unit.h"

static void
test_words(void)
{
  static const struct {
    const char *text;
    guint64 megabytes;
    gboolean per_cpu;
  } cases[] = {{"4G", 4000, FALSE},
               {"16g", 16000, FALSE},
               {"500MB", 500, FALSE},
               {"90M", 90, FALSE},
               {"90mb", 90, FALSE},
               {"2T", 2000000, FALSE},
               {"4GiB", 4096, FALSE},
               {"4gi", 4096, FALSE},
               {"1MiB", 1, FALSE},
               {"1TiB", 1048576, FALSE},
               {"007G", 7000, FALSE},
               {"4G/cpu", 4000, TRUE},
               {"4GiB/cpu", 4096, TRUE},
               {"90m/cpu", 90, TRUE},
               {"1k", 1, FALSE},
               {"1KiB", 1, FALSE},
               {"1500K", 1, FALSE},
               {"2000kb", 2, FALSE},
               {"1000000000000M", G_GUINT64_CONSTANT(1000000000000), FALSE},
               {"1000000000000000K", G_GUINT64_CONSTANT(1000000000000), FALSE}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    guint64 megabytes = 0;
    gboolean per_cpu = FALSE;

    g_test_message("%s", cases[i].text);
    g_assert_cmpint(kslurm_memory_parse(cases[i].text, &megabytes, &per_cpu, &error), ==,
                    KSLURM_PARSE_YES);
    g_assert_no_error(error);
    g_assert_cmpuint(megabytes, ==, cases[i].megabytes);
    g_assert_cmpint(per_cpu, ==, cases[i].per_cpu);
  }
}

static void
test_wrong(void)
{
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"90m", "'90m' could be 90 minutes or 90 megabytes; write '90min' or '90M'"},
      {"0m", "'0m' could be 0 minutes or 0 megabytes; write '0min' or '0M'"},
      {"0G", "'0G' is no memory at all; Slurm would give all of a node's"},
      {"000MB/cpu", "'000MB/cpu' is no memory at all; Slurm would give all of a node's"},
      {"1000000000001M", "'1000000000001M' is more memory than Slurm can count"},
      {"18446744073709551617G",
       "'18446744073709551617G' is more memory than Slurm can count"},
      {"1000000000000000000k",
       "'1000000000000000000k' is more memory than Slurm can count"},
      {"999999999T", "'999999999T' is more memory than Slurm can count"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    guint64 megabytes = 0;
    gboolean per_cpu = FALSE;

    g_assert_cmpint(kslurm_memory_parse(cases[i].text, &megabytes, &per_cpu, &error), ==,
                    KSLURM_PARSE_ERROR);
    unit_assert_usage(error, cases[i].message);
  }
}

static void
test_other_words(void)
{
  static const char *const words[] = {
      "",       "4",        "G",   "B",       "4X",     "4GG",  "4GBx",     "-4G",
      "4 G",    "4.5G",     "+4G", "4G/node", "4G/CPU", "4G/",  "4Gi/cpus", "4iB",
      "4G\xff", "\xff\xfe", "4é",  "0x4G",    "4G\n",   "/cpu", "3:00",     "4B"};
  g_autofree char *long_word = unit_repeat("4", 1 << 20);

  for (gsize i = 0; i <= G_N_ELEMENTS(words); i++) {
    const char *word = i < G_N_ELEMENTS(words) ? words[i] : long_word;
    g_autoptr(GError) error = NULL;
    guint64 megabytes = 7;
    gboolean per_cpu = FALSE;

    g_assert_cmpint(kslurm_memory_parse(word, &megabytes, &per_cpu, &error), ==,
                    KSLURM_PARSE_NO);
    g_assert_no_error(error);
    g_assert_cmpuint(megabytes, ==, 7);
  }
}

static void
test_slurm(void)
{
  static const struct {
    const char *text;
    guint64 megabytes;
  } cases[] = {{"500", 500}, {"4000M", 4000}, {"4G", 4096}, {"4gb", 4096}, {"1T", 1048576},
               {"0", 0},     {"1024K", 1},    {"1K", 1},    {"1025K", 2},  {"0K", 0}};
  static const char *const wrong[] = {"",
                                      "G",
                                      "4X",
                                      "4GBB",
                                      "-1",
                                      "4 G",
                                      "4é",
                                      "1234567890123",
                                      "999999999999T",
                                      "17179869184T",
                                      "\xff"};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint64 megabytes = 7;

    g_test_message("%s", cases[i].text);
    g_assert_true(kslurm_memory_parse_slurm(cases[i].text, &megabytes));
    g_assert_cmpuint(megabytes, ==, cases[i].megabytes);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    guint64 megabytes = 7;

    g_test_message("%s", wrong[i]);
    g_assert_false(kslurm_memory_parse_slurm(wrong[i], &megabytes));
  }
}

static void
test_people(void)
{
  static const struct {
    guint64 megabytes;
    const char *words;
  } cases[] = {{0, "0 MB"},
               {1, "1 MB"},
               {500, "500 MB"},
               {1000, "1 GB"},
               {1024, "1 GiB"},
               {1500, "1500 MB"},
               {15000, "15 GB"},
               {4096, "4 GiB"},
               {128000, "128 GB"},
               {2000000, "2000 GB"},
               {G_MAXUINT64, "18446744073709551615 MB"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *words = kslurm_memory_to_words(cases[i].megabytes);

    g_assert_cmpstr(words, ==, cases[i].words);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/memory/words", test_words);
  g_test_add_func("/memory/wrong", test_wrong);
  g_test_add_func("/memory/other-words", test_other_words);
  g_test_add_func("/memory/slurm", test_slurm);
  g_test_add_func("/memory/people", test_people);
  return g_test_run();
}
