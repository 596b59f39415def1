/* SPDX-License-Identifier: MIT */
#include "image/kslurm-range.h"

#include "unit.h"

static const struct {
  const char *header;
  gboolean right;
  guint64 start;
} cases[] = {{"bytes 100-199/200", TRUE, 100},
             {"bytes 0-0/1", TRUE, 0},
             {"Bytes 5-9/*", TRUE, 5},
             {"bytes 100-198/200", FALSE, 0},
             {"bytes 9-5/10", FALSE, 0},
             {"bytes */200", FALSE, 0},
             {"bytes 1-9/10x", FALSE, 0},
             {"bytes -9/10", FALSE, 0},
             {"bytes 1-9", FALSE, 0},
             {"bytes 99999999999999999999-99999999999999999999/*", FALSE, 0},
             {"lines 1-9/10", FALSE, 0},
             {"", FALSE, 0}};

static void
test_parse(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint64 start = 0;

    g_assert_cmpint(kslurm_range_parse(cases[i].header, &start), ==, cases[i].right);
    if (cases[i].right)
      g_assert_cmpuint(start, ==, cases[i].start);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/range/parse", test_parse);
  return g_test_run();
}
