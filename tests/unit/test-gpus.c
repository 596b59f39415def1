/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-gpus.h"
#include "unit.h"

#define WRONG(text)                                                                        \
  "'" text "' is no request for GPUs; write 'gpu', 'gpu:2' or 'gpu:a100:2'"

static void
test_words(void)
{
  static const struct {
    const char *text, *kind;
    guint count;
    const char *gres;
  } cases[] = {{"gpu", NULL, 1, "--gres=gpu:1"},
               {"gpu:2", NULL, 2, "--gres=gpu:2"},
               {"gpu:007", NULL, 7, "--gres=gpu:7"},
               {"gpu:99999", NULL, 99999, "--gres=gpu:99999"},
               {"gpu:a100", "a100", 1, "--gres=gpu:a100:1"},
               {"gpu:a100:2", "a100", 2, "--gres=gpu:a100:2"},
               {"gpu:H100_3g.40gb:1", "H100_3g.40gb", 1, "--gres=gpu:H100_3g.40gb:1"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_auto(KslurmGpus) gpus = {NULL, 0};
    g_autofree char *option = NULL;

    g_assert_cmpint(kslurm_gpus_parse(cases[i].text, &gpus, &error), ==, KSLURM_PARSE_YES);
    g_assert_no_error(error);
    g_assert_cmpstr(gpus.kind, ==, cases[i].kind);
    g_assert_cmpuint(gpus.count, ==, cases[i].count);
    option = kslurm_gpus_to_option(&gpus, NULL);
    g_assert_cmpstr(option, ==, cases[i].gres);
  }
}

static void
test_wrong(void)
{
  static const struct {
    const char *text, *message;
  } cases[] = {{"gpu:", WRONG("gpu:")},
               {"gpu:0", WRONG("gpu:0")},
               {"gpu:100000", WRONG("gpu:100000")},
               {"gpu:18446744073709551618", WRONG("gpu:18446744073709551618")},
               {"gpu:-1", WRONG("gpu:-1")},
               {"gpu::2", WRONG("gpu::2")},
               {"gpu:1:2", WRONG("gpu:1:2")},
               {"gpu:a100:", WRONG("gpu:a100:")},
               {"gpu:a100:0", WRONG("gpu:a100:0")},
               {"gpu:a100:b", WRONG("gpu:a100:b")},
               {"gpu:a100:2:3", WRONG("gpu:a100:2:3")},
               {"gpu:a b", WRONG("gpu:a b")},
               {"gpu:a,b:2", WRONG("gpu:a,b:2")},
               {"gpu:é", WRONG("gpu:é")},
               {"gpu:\xff", WRONG("gpu:\xff")}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_auto(KslurmGpus) gpus = {NULL, 5};

    g_assert_cmpint(kslurm_gpus_parse(cases[i].text, &gpus, &error), ==,
                    KSLURM_PARSE_ERROR);
    unit_assert_usage(error, cases[i].message);
    g_assert_null(gpus.kind);
    g_assert_cmpuint(gpus.count, ==, 0);
  }
}

static void
test_other_words(void)
{
  static const char *const words[] = {"", ":", "gpus", "GPU", "gpu ", "xgpu:2", "a100:2"};

  for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
    g_autoptr(GError) error = NULL;
    g_auto(KslurmGpus) gpus = {NULL, 0};

    g_assert_cmpint(kslurm_gpus_parse(words[i], &gpus, &error), ==, KSLURM_PARSE_NO);
    g_assert_no_error(error);
  }
}

static void
test_style(void)
{
  static const struct {
    const char *style, *option;
  } cases[] = {{NULL, "--gres=gpu:a100:2"},
               {"gres", "--gres=gpu:a100:2"},
               {"gpus-per-node", "--gpus-per-node=a100:2"},
               {"nonsense", "--gres=gpu:a100:2"}};
  const KslurmGpus gpus = {(char *)"a100", 2};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *option = kslurm_gpus_to_option(&gpus, cases[i].style);

    g_assert_cmpstr(option, ==, cases[i].option);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/gpus/words", test_words);
  g_test_add_func("/gpus/wrong", test_wrong);
  g_test_add_func("/gpus/other-words", test_other_words);
  g_test_add_func("/gpus/style", test_style);
  return g_test_run();
}
