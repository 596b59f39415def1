/* SPDX-License-Identifier: MIT */
#include <sched.h>

#include "archive/kslurm-archive.h"

/* as many as the affinity lets run */
static void
test_count_workers(void)
{
  cpu_set_t all, one;
  guint cpus = 0;

  g_assert_cmpint(sched_getaffinity(0, sizeof all, &all), ==, 0);
  cpus = (guint)CPU_COUNT(&all);
  g_assert_cmpuint(kslurm_archive_count_workers(FALSE), ==, MIN(cpus, 8));
  g_assert_cmpuint(kslurm_archive_count_workers(TRUE), ==, MIN(cpus, 4));
  CPU_ZERO(&one);
  for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
    if (CPU_ISSET(i, &all))
      CPU_SET(i, &one);
  g_assert_cmpint(sched_setaffinity(0, sizeof one, &one), ==, 0);
  g_assert_cmpuint(kslurm_archive_count_workers(FALSE), ==, 1);
  g_assert_cmpint(sched_setaffinity(0, sizeof all, &all), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/archive/count-workers", test_count_workers);
  return g_test_run();
}
