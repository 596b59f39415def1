/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-slurm-options.h"

#include "base/args/kslurm-verb.h"
#include "base/request/kslurm-request-private.h"

static const struct {
  const char *name;
  const KslurmForeign *options;
  const KslurmArg *const *args;
} tables[] = {{"srun", kslurm_srun_options, kslurm_krun_args},
              {"sbatch", kslurm_sbatch_options, kslurm_kbatch_args}};

static gboolean
is_end(const KslurmForeign *option)
{
  return option->name == NULL && option->letter == 0;
}

static void
test_unique(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) letters = g_hash_table_new(NULL, NULL);

    for (const KslurmForeign *f = tables[i].options; !is_end(f); f++) {
      g_test_message("%s %s %c", tables[i].name, f->name != NULL ? f->name : "",
                     f->letter != 0 ? f->letter : ' ');
      if (f->name != NULL)
        g_assert_true(g_hash_table_add(names, (char *)f->name));
      if (f->letter != 0)
        g_assert_true(g_hash_table_add(letters, GINT_TO_POINTER((int)f->letter)));
    }
  }
}

/* what a word sets and what an option sets must meet under one name */
static void
test_groups(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    const KslurmVerb verb = {.name = tables[i].name, .args = tables[i].args};

    for (const KslurmForeign *f = tables[i].options; !is_end(f); f++)
      if (f->sets != NULL)
        g_assert_nonnull(kslurm_verb_find_row(&verb, f->sets));
  }
}

static void
test_variables(void)
{
  guint n = 0;

  for (const KslurmSlurmVariable *v = kslurm_slurm_variables; v->suffix != NULL; v++, n++)
    g_assert_nonnull(kslurm_slurm_find_option(kslurm_sbatch_options, v->option));
  g_assert_cmpuint(n, >, 10);
}

static void
test_find(void)
{
  static const struct {
    const char *name;
    char letter;
    gboolean srun, sbatch;       /* whether they have it */
    gboolean value, batch_value; /* whether it takes one */
  } cases[] = {{"mem", 0, TRUE, TRUE, TRUE, TRUE},
               {"wait", 'W', TRUE, TRUE, TRUE, FALSE},
               {"array", 'a', FALSE, TRUE, FALSE, TRUE},
               {"immediate", 'I', TRUE, FALSE, FALSE, FALSE},
               {"hold", 'H', TRUE, TRUE, FALSE, FALSE},
               {"me", 0, FALSE, FALSE, FALSE, FALSE},
               {"Mem", 0, FALSE, FALSE, FALSE, FALSE},
               {"", '%', FALSE, FALSE, FALSE, FALSE},
               {"m\xff", '\xff', FALSE, FALSE, FALSE, FALSE}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const KslurmForeign *srun =
        kslurm_slurm_find_option(kslurm_srun_options, cases[i].name);
    const KslurmForeign *sbatch =
        kslurm_slurm_find_option(kslurm_sbatch_options, cases[i].name);

    g_assert_cmpint(srun != NULL, ==, cases[i].srun);
    g_assert_cmpint(sbatch != NULL, ==, cases[i].sbatch);
    g_assert_cmpint(srun != NULL && srun->value, ==, cases[i].value);
    g_assert_cmpint(sbatch != NULL && sbatch->value, ==, cases[i].batch_value);
    if (cases[i].letter != 0) {
      g_assert_true(kslurm_slurm_find_letter(kslurm_srun_options, cases[i].letter) == srun);
      g_assert_true(kslurm_slurm_find_letter(kslurm_sbatch_options, cases[i].letter) ==
                    sbatch);
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/slurm-options/unique", test_unique);
  g_test_add_func("/slurm-options/groups", test_groups);
  g_test_add_func("/slurm-options/variables", test_variables);
  g_test_add_func("/slurm-options/find", test_find);
  return g_test_run();
}
