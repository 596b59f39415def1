/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-jobs.h"

static const struct {
  const char *text;
  const char *want; /* parted by '|' */
} cases[] = {
    {"", ""},
    {"12 fit\n7 a  b\n", "12\tfit|7\ta  b"},
    {"12_[4-9%2] sweep\n12_1 sweep\n12_2 sweep\n", "12\tsweep|12_1\tsweep|12_2\tsweep"},
    {"12_1 sweep\n", "12\tsweep|12_1\tsweep"},
    {"12+0 mpi\n12+1 mpi\n", "12\tmpi"},
    {"12 \033[2Jx\ty\n", "12\t[2Jx y"},
    {"12 \n", "12\t"},
    {"slurm_load_jobs error\n12\n x\n", ""},
};

static void
test_parse(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(GStrv) jobs = kslurm_jobs_parse(cases[i].text);
    g_autofree char *got = g_strjoinv("|", jobs);

    g_assert_cmpstr(got, ==, cases[i].want);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/jobs/parse", test_parse);
  return g_test_run();
}
