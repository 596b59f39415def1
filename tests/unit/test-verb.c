/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-verb.h"

#include <string.h>

static const KslurmArg first[] = {{.kind = KSLURM_ARG_WORD, .name = "time"},
                                  {.kind = KSLURM_ARG_FLAG, .name = "test", .letter = 't'},
                                  {0}};
static const KslurmArg empty[] = {{0}};
static const KslurmArg second[] = {
    {.kind = KSLURM_ARG_VALUE, .name = "time", .letter = 'T'},
    {.kind = KSLURM_ARG_REST, .name = "command"},
    {0}};
static const KslurmArg *const args[] = {empty, first, empty, second, NULL};
static const KslurmForeign foreign[] = {
    {"mem", 0, TRUE, NULL},         {NULL, 'Q', FALSE, NULL},
    {"mem-per-cpu", 0, TRUE, NULL}, {"mem-per-gpu", 0, TRUE, NULL},
    {"nodes", 'N', TRUE, NULL},     {0}};
static const KslurmVerb below[] = {{.name = "up"}, {.name = "update"}, {0}};
static const KslurmVerb verb = {
    .name = "tool", .args = args, .foreign = foreign, .verbs = below};
static const KslurmVerb bare = {.name = "bare"};

static void
test_rows(void)
{
  const KslurmArg *const want[] = {&first[0],  &first[1], &second[0],
                                   &second[1], NULL,      NULL};
  KslurmRows rows;

  kslurm_rows_init(&rows, &verb);
  for (gsize i = 0; i < G_N_ELEMENTS(want); i++)
    g_assert_true(kslurm_rows_next(&rows) == want[i]);
  kslurm_rows_init(&rows, &bare);
  g_assert_null(kslurm_rows_next(&rows));
}

static void
test_options(void)
{
  static const struct {
    const char *name;
    gsize length;
    const KslurmArg *row;
  } cases[] = {{"test", 4, &first[1]}, {"test=1", 4, &first[1]}, {"time", 4, &second[0]},
               {"tes", 3, NULL},       {"tests", 5, NULL},       {"command", 7, NULL},
               {"", 0, NULL},          {"\xff", 1, NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_true(kslurm_verb_find_option(&verb, cases[i].name, cases[i].length) ==
                  cases[i].row);
  g_assert_true(kslurm_verb_find_letter(&verb, 't') == &first[1]);
  g_assert_true(kslurm_verb_find_letter(&verb, 'T') == &second[0]);
  g_assert_null(kslurm_verb_find_letter(&verb, 'x'));
  g_assert_null(kslurm_verb_find_letter(&bare, 't'));
}

static void
test_kinds(void)
{
  g_assert_true(kslurm_verb_find_kind(&verb, KSLURM_ARG_REST) == &second[1]);
  g_assert_true(kslurm_verb_find_kind(&verb, KSLURM_ARG_WORD) == &first[0]);
  g_assert_null(kslurm_verb_find_kind(&verb, KSLURM_ARG_OPERAND));
  g_assert_true(kslurm_verb_find_row(&verb, "time") == &first[0]);
  g_assert_true(kslurm_verb_find_row(&verb, "command") == &second[1]);
  g_assert_null(kslurm_verb_find_row(&verb, "comm"));
}

static void
test_verbs(void)
{
  g_assert_true(kslurm_verb_find_verb(&verb, "up") == &below[0]);
  g_assert_true(kslurm_verb_find_verb(&verb, "update") == &below[1]);
  g_assert_null(kslurm_verb_find_verb(&verb, "upd"));
  g_assert_null(kslurm_verb_find_verb(&verb, ""));
  g_assert_null(kslurm_verb_find_verb(&bare, "up"));
}

/* as getopt: the whole name, or a beginning that only one has */
static void
test_foreign(void)
{
  static const struct {
    const char *name, *found;
  } cases[] = {{"mem", "mem"},    {"mem-per-c", "mem-per-cpu"},
               {"mem-per", NULL}, {"me", NULL},
               {"nod", "nodes"},  {"nodesx", NULL},
               {"", NULL},        {"mem-per-cpux", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const KslurmForeign *found =
        kslurm_verb_find_foreign(&verb, cases[i].name, strlen(cases[i].name));

    g_assert_cmpstr(found != NULL ? found->name : NULL, ==, cases[i].found);
  }
  g_assert_true(kslurm_verb_find_foreign_letter(&verb, 'Q') == &foreign[1]);
  g_assert_true(kslurm_verb_find_foreign_letter(&verb, 'N') == &foreign[4]);
  g_assert_null(kslurm_verb_find_foreign_letter(&verb, 'n'));
  g_assert_null(kslurm_verb_find_foreign(&bare, "mem", 3));
  g_assert_null(kslurm_verb_find_foreign_letter(&bare, 'N'));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/verb/rows", test_rows);
  g_test_add_func("/verb/options", test_options);
  g_test_add_func("/verb/kinds", test_kinds);
  g_test_add_func("/verb/verbs", test_verbs);
  g_test_add_func("/verb/foreign", test_foreign);
  return g_test_run();
}
