/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-template.h"

#include <string.h>

#include "base/request/kslurm-request-private.h"
#include "base/request/kslurm-setting.h"
#include "unit.h"

static KslurmConfig *
make_config(void)
{
  KslurmConfig *config = kslurm_config_new();

  kslurm_config_override(config, "template.mine", "4 1G", "test");
  kslurm_config_override(config, "template.Fat", "gpu", "test");
  kslurm_config_override(config, "template.été", "8", "test");
  return config;
}

static void
test_names(void)
{
  g_autoptr(KslurmConfig) plain = kslurm_config_new();
  g_autoptr(KslurmConfig) config = make_config();
  g_auto(GStrv) ours = kslurm_template_list_names(plain);
  g_auto(GStrv) all = kslurm_template_list_names(config);

  g_assert_cmpuint(g_strv_length(ours), ==, 25);
  g_assert_cmpuint(g_strv_length(all), ==, 27);
  g_assert_true(g_strv_contains((const char *const *)all, "mine"));
  g_assert_true(g_strv_contains((const char *const *)all, "été"));
  for (gsize i = 1; all[i] != NULL; i++)
    g_assert_cmpint(strcmp(all[i - 1], all[i]), <, 0);
}

static void
test_words(void)
{
  static const struct {
    const char *name, *configured, *built_in;
  } cases[] = {
      {"Fat", "gpu", "32 128G 24:00"}, {"mine", "4 1G", NULL}, {"Quick", NULL, "1 4G 0:10"},
      {"quick", NULL, NULL},           {"", NULL, NULL},       {"été", "8", NULL},
      {"no\xff", NULL, NULL}};
  g_autoptr(KslurmConfig) config = make_config();

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *configured = kslurm_template_dup_words(config, cases[i].name, FALSE);
    g_autofree char *built_in = kslurm_template_dup_words(config, cases[i].name, TRUE);

    g_assert_cmpstr(configured, ==, cases[i].configured);
    g_assert_cmpstr(built_in, ==, cases[i].built_in);
  }
}

/* users of the older kslurm have these in their fingers: each must be readable */
static void
test_built_in(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_auto(GStrv) names = kslurm_template_list_names(config);

  for (gsize i = 0; names[i] != NULL; i++) {
    g_autofree char *words = kslurm_template_dup_words(config, names[i], TRUE);
    g_autoptr(GPtrArray) settings =
        g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
    g_autoptr(GError) error = NULL;

    g_assert_true(kslurm_request_read_words(settings, words, config, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(settings->len, ==, 3);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/template/names", test_names);
  g_test_add_func("/template/words", test_words);
  g_test_add_func("/template/built-in", test_built_in);
  return g_test_run();
}
