/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-slurm.h"

/* where there is no Slurm, nothing is known, and what is known anyway is told */
static void
test_advice(void)
{
  static const struct {
    const char *message, *advice;
  } cases[] = {
      {"Unable to contact slurm controller (connect failure)",
       "the Slurm controller does not answer; it may be back in some minutes: try 'sinfo'"},
      {"Invalid account or account/partition combination specified", NULL},
      {"Requested time limit is invalid (missing or exceeds some limit)", NULL},
      {"Invalid partition name specified", NULL},
      {"Requested node configuration is not available", NULL},
      {"Job violates accounting/QOS policy", NULL},
      {"", NULL},
      {"\xff", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *advice = kslurm_slurm_dup_advice(cases[i].message, "debug", NULL);
    g_autofree char *anywhere = kslurm_slurm_dup_advice(cases[i].message, NULL, NULL);

    g_assert_cmpstr(advice, ==, cases[i].advice);
    g_assert_cmpstr(anywhere, ==, cases[i].advice);
  }
}

static void
test_job(void)
{
  g_assert_false(kslurm_slurm_job_is_gone("1", NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_setenv("PATH", "/nowhere", TRUE);
  g_test_add_func("/slurm/advice", test_advice);
  g_test_add_func("/slurm/job", test_job);
  return g_test_run();
}
