/* SPDX-License-Identifier: MIT */
#include "unit.h"

static void
test_words(void)
{
  static const struct {
    const char *line, *words;
  } cases[] = {
      {"krun x", "3 h 00 min, 1 cpu, 4 GB"},
      {"krun 4 15G gpu -a def-x x", "3 h 00 min, 4 cpus, 15 GB, 1 gpu, account def-x"},
      {"krun gpu:a100:2 2G/cpu x", "3 h 00 min, 1 cpu, 2 GB per cpu, 2 a100 gpus"},
      {"krun nodes:1 tasks:8 x", "3 h 00 min, 1 node, 8 tasks, 1 cpu, 4 GB"},
      {"krun nodes:2-4 x", "3 h 00 min, 2-4 nodes, 1 cpu, 4 GB"},
      {"kbatch array:1-9%3 x", "3 h 00 min, 1 cpu, 4 GB, array 1-9%3"},
      {"krun --mem=0 x", "3 h 00 min, 1 cpu, all memory of the node"},
      {"krun --mem=512K x", "3 h 00 min, 1 cpu, 1 MB"},
      {"krun --mem-per-gpu=1G x", "3 h 00 min, 1 cpu, 1 GiB per gpu"},
      {"krun --mem=17179869184T x", "3 h 00 min, 1 cpu, --mem=17179869184T"},
      {"krun --mem=\xff x", "3 h 00 min, 1 cpu, --mem=\xff"},
      {"krun --time=UNLIMITED x", "--time=UNLIMITED, 1 cpu, 4 GB"},
      {"krun --cpus-per-gpu=2 -G2 x", "3 h 00 min, --cpus-per-gpu=2, 4 GB, --gpus=2"},
      {"krun --gres=gpu:a:1,gpu:b:2 x", "3 h 00 min, 1 cpu, 4 GB, "
                                        "--gres=gpu:a:1,gpu:b:2"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmPlan) plan = unit_make_plan(cases[i].line);
    g_autofree char *words = kslurm_plan_to_words(plan);

    g_assert_cmpstr(words, ==, cases[i].words);
  }
}

/* a shell takes what is shown as it is */
static void
test_line(void)
{
  static const struct {
    const char *line, *shown;
  } cases[] = {{"krun --name a;b -- x",
                "srun --time=03:00:00 --cpus-per-task=1 --mem=4000M "
                "'--job-name=a;b' bash -c x"},
               {"krun -C a&b x $(y)", "srun --time=03:00:00 --cpus-per-task=1 --mem=4000M "
                                      "--job-name=x '--constraint=a&b' x '$(y)'"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmPlan) plan = unit_make_plan(cases[i].line);
    g_autofree char *line = kslurm_plan_to_line(plan);

    g_assert_cmpstr(line, ==, cases[i].shown);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/plan/show/words", test_words);
  g_test_add_func("/plan/show/line", test_line);
  return g_test_run();
}
