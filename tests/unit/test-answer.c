/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-answer.h"

#include "unit.h"

static void
test_job(void)
{
  g_autofree char *noise = unit_repeat("a notice\n", 100000);
  g_autofree char *late = g_strconcat(noise, "77\n", NULL);
  const struct {
    const char *output, *job;
  } cases[] = {{"1234\n", "1234"},
               {"1234;cluster\n", "1234"},
               {"1234\n5678\n", "1234"},
               {"welcome to the cluster\n1234\n", "1234"},
               {"\n\n1234\n", "1234"},
               {"3 jobs are waiting\n1234\n", "1234"},
               {late, "77"},
               {"", NULL},
               {"\n", NULL},
               {"12", NULL},
               {"welcome\n12", NULL},
               {";cluster\n", NULL},
               {"-12\n", NULL},
               {"Submitted batch job 12\n", NULL},
               {"12\r\n", NULL},
               {"\xff\xfe\n", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *job = kslurm_answer_dup_job(cases[i].output);

    g_assert_cmpstr(job, ==, cases[i].job);
  }
}

static void
test_errors(void)
{
  static const struct {
    const char *errors;
    gboolean refusal, lost;
  } cases[] = {
      {"", FALSE, FALSE},
      {"allocation failure: Requested node configuration is not available", TRUE, FALSE},
      {"sbatch: error: Batch job submission failed: Invalid account or account/partition "
       "combination specified",
       TRUE, FALSE},
      {"sbatch: error: Unable to contact slurm controller (connect failure)", FALSE, FALSE},
      {"sbatch: error: Batch job submission failed: Socket timed out on send/recv "
       "operation",
       FALSE, TRUE},
      {"sbatch: error: Batch job submission failed: Zero Bytes were transmitted or "
       "received",
       FALSE, TRUE},
      {"sbatch: error: Unable to contact slurm controller (receive failure)", FALSE, TRUE},
      {"sbatch: error: _slurm_recv: Connection reset by peer", FALSE, TRUE},
      {"\xff\xfe", FALSE, FALSE}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_assert_cmpint(kslurm_answer_is_refusal(cases[i].errors), ==, cases[i].refusal);
    g_assert_cmpint(kslurm_answer_is_lost(cases[i].errors), ==, cases[i].lost);
  }
}

#define LOOK                                                                               \
  "the job may have been accepted all the same; before you submit it again, look for it: " \
  "squeue --me"

static void
test_look(void)
{
  static const char *const cases[][2] = {{NULL, LOOK},
                                         {"run.sh", LOOK " --name=run.sh"},
                                         {"a b", LOOK " --name='a b'"},
                                         {"$(x)", LOOK " --name='$(x)'"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *advice = kslurm_answer_dup_look(cases[i][0]);

    g_assert_cmpstr(advice, ==, cases[i][1]);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/answer/job", test_job);
  g_test_add_func("/answer/errors", test_errors);
  g_test_add_func("/answer/look", test_look);
  return g_test_run();
}
