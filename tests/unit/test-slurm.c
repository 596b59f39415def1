/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-slurm.h"

#define DOWN                                                                               \
  "the Slurm controller does not answer; it may be back in some minutes: try 'sinfo'"

/* no program is on the PATH here: what Slurm answers is tested in tests/slurm */
static void
test_advice(void)
{
  static const struct {
    const char *message, *advice;
  } cases[] = {
      {"sbatch: error: Unable to contact slurm controller (connect failure)", DOWN},
      {"squeue: error: Socket timed out on send/recv operation", DOWN},
      {"Invalid account or account/partition combination specified", NULL},
      {"Requested time limit is invalid (missing or exceeds some limit)", NULL},
      {"Invalid partition name specified", NULL},
      {"Requested node configuration is not available", NULL},
      {"More processors requested than permitted", NULL},
      {"Invalid generic resource (gres) specification", NULL},
      {"something else", NULL},
      {"\xff\xfe\x01", NULL},
      {"", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *advice = kslurm_slurm_dup_advice(cases[i].message, NULL, NULL);
    g_autofree char *other = kslurm_slurm_dup_advice(cases[i].message, "debug", NULL);

    g_test_message("case %u", (guint)i);
    g_assert_cmpstr(advice, ==, cases[i].advice);
    g_assert_cmpstr(other, ==, cases[i].advice);
  }
}

/* who cannot ask must not tell a user that the job is gone */
static void
test_gone(void)
{
  static const char *const jobs[] = {"7", "", "Invalid job id", "-h"};

  for (gsize i = 0; i < G_N_ELEMENTS(jobs); i++)
    g_assert_false(kslurm_slurm_job_is_gone(jobs[i], NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_setenv("PATH", "/nonexistent", TRUE);
  g_test_add_func("/slurm/advice", test_advice);
  g_test_add_func("/slurm/gone", test_gone);
  return g_test_run();
}
