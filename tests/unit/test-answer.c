/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-answer.h"

static void
test_job(void)
{
  static const struct {
    const char *output, *job;
  } cases[] = {{"4711\n", "4711"},
               {"4711;cluster-b\n", "4711"},
               {"Welcome to the cluster!\n\n4711\n", "4711"},
               {"12 jobs are waiting\n4711\n", "4711"},
               {"4711\n4712\n", "4711"},
               {"18446744073709551616\n", "18446744073709551616"},
               {"\xff\xfe\n7\n", "7"},
               {"47", NULL},
               {"hello\n47", NULL},
               {"4711;clus", NULL},
               {"-4711\n", NULL},
               {" 4711\n", NULL},
               {"4711x\n", NULL},
               {";\n", NULL},
               {"\n", NULL},
               {"", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *job = kslurm_answer_dup_job(cases[i].output);

    g_test_message("case %u", (guint)i);
    g_assert_cmpstr(job, ==, cases[i].job);
  }
}

static void
test_long(void)
{
  g_autofree char *greeting = g_strnfill(1 << 20, '9');
  g_autofree char *output = g_strconcat(greeting, "!\n8\n", NULL);
  g_autofree char *job = kslurm_answer_dup_job(output);

  g_assert_cmpstr(job, ==, "8");
}

static void
test_lost(void)
{
  static const struct {
    const char *errors;
    gboolean lost;
  } cases[] = {
      {"sbatch: error: Batch job submission failed: Socket timed out on send/recv "
       "operation\n",
       TRUE},
      {"sbatch: error: Batch job submission failed: Zero Bytes were transmitted or "
       "received\n",
       TRUE},
      {"sbatch: error: Batch job submission failed: Unexpected message received\n", TRUE},
      {"sbatch: error: slurm_receive_msg: Connection reset by peer\n", TRUE},
      {"sbatch: error: Unable to contact slurm controller (receive failure)\n", TRUE},
      {"sbatch: error: Unable to contact slurm controller (shutdown failure)\n", TRUE},
      {"sbatch: error: Unable to contact slurm controller (connect failure)\n", FALSE},
      {"sbatch: error: Batch job submission failed: Invalid account\n", FALSE},
      {"", FALSE}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_test_message("case %u", (guint)i);
    g_assert_cmpint(kslurm_answer_may_be_lost(cases[i].errors), ==, cases[i].lost);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/answer/job", test_job);
  g_test_add_func("/answer/long", test_long);
  g_test_add_func("/answer/lost", test_lost);
  return g_test_run();
}
