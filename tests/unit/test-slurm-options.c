/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-slurm-options.h"

#include <string.h>

#include "base/args/kslurm-verb.h"
#include "base/request/kslurm-request-private.h"

static void
test_find(void)
{
  static const struct {
    const char *name;
    char letter;
    const char *srun, *sbatch; /* 'v': takes a value, 'f': a flag, NULL: no such option */
  } cases[] = {{"wait", 'W', "v", "f"},      {"array", 'a', NULL, "v"},
               {"pty", 0, "f", NULL},        {"immediate", 'I', "f", NULL},
               {"time", 't', "v", "v"},      {"nice", 0, "f", "f"},
               {"x11", 0, "f", NULL},        {NULL, 'Q', "f", "f"},
               {"ntasks", 'n', "v", "v"},    {"parsable", 0, NULL, "f"},
               {"no-such", '%', NULL, NULL}, {"", '\xff', NULL, NULL}};

  for (gsize i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
    const KslurmForeign *table = i % 2 == 0 ? kslurm_srun_options : kslurm_sbatch_options;
    const char *name = cases[i / 2].name;
    const char *want = i % 2 == 0 ? cases[i / 2].srun : cases[i / 2].sbatch;
    const KslurmForeign *by_name = kslurm_slurm_find_option(table, name);

    g_test_message("%s of %s", name, i % 2 == 0 ? "srun" : "sbatch");
    g_assert_cmpint(name != NULL && by_name != NULL, ==, name != NULL && want != NULL);
    if (by_name != NULL && name != NULL)
      g_assert_cmpint(by_name->value, ==, want[0] == 'v');
    if (cases[i / 2].letter != 0 && want != NULL)
      g_assert_cmpint(kslurm_slurm_find_letter(table, cases[i / 2].letter)->value, ==,
                      want[0] == 'v');
    else if (cases[i / 2].letter != 0)
      g_assert_null(kslurm_slurm_find_letter(table, cases[i / 2].letter));
  }
}

/* an option's beginning is none to sbatch's '#SBATCH' lines as we read them */
static void
test_whole(void)
{
  static const char *const names[] = {"tim", "times", "mem-per", "TIME", "time ", "--time"};

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    g_assert_null(kslurm_slurm_find_option(kslurm_sbatch_options, names[i]));
}

static void
check_table(gconstpointer data)
{
  const KslurmForeign *table = data;
  const KslurmVerb verb = {.args = table == kslurm_srun_options ? kslurm_krun_args
                                                                : kslurm_kbatch_args};
  guint n = 0;

  for (const KslurmForeign *f = table; f->name != NULL || f->letter != 0; f++, n++) {
    g_test_message("%s -%c", f->name, f->letter);
    if (f->name != NULL)
      g_assert_true(kslurm_slurm_find_option(table, f->name) == f);
    if (f->letter != 0)
      g_assert_true(kslurm_slurm_find_letter(table, f->letter) == f);
    g_assert_true(f->sets == NULL || kslurm_verb_find_row(&verb, f->sets) != NULL);
    g_assert_true(f->name == NULL || strpbrk(f->name, "= _") == NULL);
  }
  g_assert_cmpuint(n, >, 100);
}

static void
test_variables(void)
{
  for (const KslurmSlurmVariable *v = kslurm_slurm_variables; v->suffix != NULL; v++) {
    const KslurmForeign *row = kslurm_slurm_find_option(kslurm_sbatch_options, v->option);

    g_test_message("%s", v->suffix);
    g_assert_nonnull(row);
    g_assert_true(row->value);
  }
  g_assert_cmpstr(kslurm_slurm_variables[0].suffix, ==, "ACCOUNT");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/slurm-options/find", test_find);
  g_test_add_func("/slurm-options/whole", test_whole);
  g_test_add_data_func("/slurm-options/srun", kslurm_srun_options, check_table);
  g_test_add_data_func("/slurm-options/sbatch", kslurm_sbatch_options, check_table);
  g_test_add_func("/slurm-options/variables", test_variables);
  return g_test_run();
}
