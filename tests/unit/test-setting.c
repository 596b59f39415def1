/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-setting.h"

#include "unit.h"

static GPtrArray *
new_settings(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
}

static void
test_text(void)
{
  static const struct {
    const char *option, *value, *text;
  } cases[] = {{"mem", "4G", "--mem=4G"},
               {"x11", NULL, "--x11"},
               {"comment", "", "--comment="},
               {"comment", "a b\xff", "--comment=a b\xff"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmSetting) setting =
        kslurm_setting_new(NULL, cases[i].option, cases[i].value, KSLURM_LEVEL_USER, NULL);
    g_autofree char *text = kslurm_setting_to_text(setting);

    g_assert_cmpstr(text, ==, cases[i].text);
  }
}

/* each row asks; the winner of 'memory' is named, and who is in its way */
static void
test_winner(void)
{
  static const struct {
    struct {
      const char *option;
      KslurmLevel level;
    } asked[3];
    int winner;
    const char *beaten; /* a letter for each that asked */
  } cases[] = {
      {{{"mem", KSLURM_LEVEL_USER}}, 0, "n"},
      {{{"mem", KSLURM_LEVEL_DEFAULT}, {"mem", KSLURM_LEVEL_USER}}, 1, "nn"},
      {{{"mem-per-cpu", KSLURM_LEVEL_SCRIPT}, {"mem", KSLURM_LEVEL_USER}}, 1, "yn"},
      {{{"mem", KSLURM_LEVEL_SCRIPT}, {"mem-per-cpu", KSLURM_LEVEL_SCRIPT}}, 1, "nn"},
      {{{"mem", KSLURM_LEVEL_VARIABLE},
        {"mem-per-cpu", KSLURM_LEVEL_SCRIPT},
        {"mem-per-gpu", KSLURM_LEVEL_CONFIG}},
       0,
       "nyy"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GPtrArray) settings = new_settings();

    g_ptr_array_add(settings,
                    kslurm_setting_new(NULL, "mem", "0", KSLURM_LEVEL_USER, NULL));
    for (gsize j = 0; j < G_N_ELEMENTS(cases[i].asked) && cases[i].asked[j].option; j++)
      g_ptr_array_add(settings, kslurm_setting_new("memory", cases[i].asked[j].option, "1",
                                                   cases[i].asked[j].level, NULL));
    g_assert_true(kslurm_settings_get_winner(settings, "memory") ==
                  settings->pdata[cases[i].winner + 1]);
    g_assert_null(kslurm_settings_get_winner(settings, "time"));
    g_assert_false(kslurm_settings_is_beaten(settings, settings->pdata[0]));
    for (guint j = 1; j < settings->len; j++)
      g_assert_cmpint(kslurm_settings_is_beaten(settings, settings->pdata[j]), ==,
                      cases[i].beaten[j - 1] == 'y');
  }
}

static void
test_group(void)
{
  static const struct {
    const char *option, *value, *group;
  } cases[] = {{"mem", "4G", "memory"},      {"mem-per-gpu", NULL, "memory"},
               {"gres", "gpu:2", "gpu"},     {"gres", "lscratch:1,gpu:2", "gpu"},
               {"gres", "lscratch:1", NULL}, {"gres", NULL, NULL},
               {"partition", "x", NULL},     {"gpus", "2", "gpu"},
               {"no such option", "x", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpstr(kslurm_setting_group_of(
                        kslurm_slurm_find_option(kslurm_sbatch_options, cases[i].option),
                        cases[i].value),
                    ==, cases[i].group);
}

static void
test_variables(void)
{
  static const char *const environ[] = {"SBATCH_TIMELIMIT=5",   "SBATCH_GRES=lscratch:1",
                                        "SBATCH_MEM_PER_NODE=", "SBATCH_ACCOUNT=a b\xff",
                                        "SLURM_NTASKS=4",       "SBATCH_NO_SUCH=1",
                                        "XSBATCH_GPUS=1",       NULL};
  static const char *const none[] = {NULL};
  g_autoptr(GPtrArray) settings = new_settings();
  g_autofree char *text = NULL;
  const KslurmSetting *account = NULL;

  kslurm_settings_add_variables(settings, "SBATCH_", none);
  g_assert_cmpuint(settings->len, ==, 0);
  kslurm_settings_add_variables(settings, "SBATCH_", environ);
  text = unit_join_settings(settings);
  g_assert_cmpstr(text, ==, "account:--account=a b\xff -:--gres=lscratch:1 time:--time=5");
  account = kslurm_settings_get_winner(settings, "account");
  g_assert_cmpstr(account->origin, ==, "SBATCH_ACCOUNT");
  g_assert_cmpint(account->level, ==, KSLURM_LEVEL_VARIABLE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/setting/text", test_text);
  g_test_add_func("/setting/winner", test_winner);
  g_test_add_func("/setting/group", test_group);
  g_test_add_func("/setting/variables", test_variables);
  return g_test_run();
}
