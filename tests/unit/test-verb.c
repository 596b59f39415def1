/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-verb.h"

#include <string.h>

static const KslurmArg first[] = {
    {.kind = KSLURM_ARG_WORD, .name = "time"},
    {.kind = KSLURM_ARG_FLAG, .letter = 'n', .name = "new"},
    {.kind = KSLURM_ARG_VALUE, .letter = 'a', .name = "account"},
    {0}};
static const KslurmArg empty[] = {{0}};
static const KslurmArg last[] = {{.kind = KSLURM_ARG_FLAG, .name = "x11"},
                                 {.kind = KSLURM_ARG_WORD, .name = "x11", .letter = 'w'},
                                 {.kind = KSLURM_ARG_REST, .name = "command"},
                                 {0}};
static const KslurmArg *const groups[] = {empty, first, empty, last, NULL};

static const KslurmForeign foreign[] = {
    {"mem", 0, TRUE, NULL},         {"mem-per-cpu", 0, TRUE, NULL},
    {"partition", 'p', TRUE, NULL}, {NULL, 'Q', FALSE, NULL},
    {"wait", 'W', FALSE, NULL},     {0}};

static const KslurmVerb below[] = {{.name = "up"}, {.name = "down"}, {0}};

static const KslurmVerb verb = {
    .name = "test", .args = groups, .foreign = foreign, .verbs = below};
static const KslurmVerb bare = {.name = "bare"};

static const char *
name_of(const KslurmArg *arg)
{
  return arg != NULL ? arg->name : NULL;
}

static void
test_rows(void)
{
  static const char *const names[] = {"time", "new", "account", "x11", "x11", "command"};
  KslurmRows rows;

  kslurm_rows_init(&rows, &verb);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    g_assert_cmpstr(name_of(kslurm_rows_next(&rows)), ==, names[i]);
  g_assert_null(kslurm_rows_next(&rows));
  g_assert_null(kslurm_rows_next(&rows));
  kslurm_rows_init(&rows, &bare);
  g_assert_null(kslurm_rows_next(&rows));
}

static void
test_option(void)
{
  static const struct {
    const char *text;
    gsize length;
    const char *name;
  } cases[] = {{"account", 7, "account"}, {"account=x", 7, "account"},
               {"accounts", 8, NULL},     {"accoun", 6, NULL},
               {"time", 4, NULL},         {"x11", 3, "x11"},
               {"command", 7, NULL},      {"", 0, NULL},
               {"=x", 0, NULL},           {"\xff", 1, NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_test_message("case %u", (guint)i);
    g_assert_cmpstr(name_of(kslurm_verb_find_option(&verb, cases[i].text, cases[i].length)),
                    ==, cases[i].name);
    g_assert_null(kslurm_verb_find_option(&bare, cases[i].text, cases[i].length));
  }
  g_assert_cmpint(kslurm_verb_find_option(&verb, "x11", 3)->kind, ==, KSLURM_ARG_FLAG);
}

/* a word has no letter, whatever its row says */
static void
test_letter(void)
{
  static const struct {
    char letter;
    const char *ours, *foreign;
  } cases[] = {{'n', "new", NULL},  {'a', "account", NULL}, {'w', NULL, NULL},
               {'A', NULL, NULL},   {'W', NULL, "wait"},    {'p', NULL, "partition"},
               {'\xff', NULL, NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const KslurmForeign *f = kslurm_verb_find_foreign_letter(&verb, cases[i].letter);

    g_assert_cmpstr(name_of(kslurm_verb_find_letter(&verb, cases[i].letter)), ==,
                    cases[i].ours);
    g_assert_cmpstr(f != NULL ? f->name : NULL, ==, cases[i].foreign);
  }
  g_assert_true(kslurm_verb_find_foreign_letter(&verb, 'Q') == &foreign[3]);
  g_assert_null(kslurm_verb_find_foreign_letter(&bare, 'Q'));
}

/* as getopt does, but for 'mem', which is a name and a beginning */
static void
test_foreign(void)
{
  static const struct {
    const char *text, *name;
  } cases[] = {{"partition", "partition"},
               {"part", "partition"},
               {"mem", "mem"},
               {"mem-", "mem-per-cpu"},
               {"me", NULL},
               {"memory", NULL},
               {"partitions", NULL},
               {"Wait", NULL},
               {"", NULL},
               {"\xff", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const KslurmForeign *f =
        kslurm_verb_find_foreign(&verb, cases[i].text, strlen(cases[i].text));

    g_test_message("case %u", (guint)i);
    g_assert_cmpstr(f != NULL ? f->name : NULL, ==, cases[i].name);
  }
  g_assert_true(kslurm_verb_find_foreign(&verb, "mem=4G", 3) == &foreign[0]);
  g_assert_null(kslurm_verb_find_foreign(&bare, "mem", 3));
}

static void
test_kind(void)
{
  static const struct {
    KslurmArgKind kind;
    const char *name;
  } cases[] = {{KSLURM_ARG_WORD, "time"},
               {KSLURM_ARG_FLAG, "new"},
               {KSLURM_ARG_VALUE, "account"},
               {KSLURM_ARG_REST, "command"},
               {KSLURM_ARG_OPERAND, NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpstr(name_of(kslurm_verb_find_kind(&verb, cases[i].kind)), ==,
                    cases[i].name);
}

static void
test_names(void)
{
  g_assert_true(kslurm_verb_find_row(&verb, "time") == &first[0]);
  g_assert_true(kslurm_verb_find_row(&verb, "x11") == &last[0]);
  g_assert_null(kslurm_verb_find_row(&verb, "tim"));
  g_assert_null(kslurm_verb_find_row(&verb, NULL));
  g_assert_true(kslurm_verb_find_verb(&verb, "down") == &below[1]);
  g_assert_null(kslurm_verb_find_verb(&verb, "dow"));
  g_assert_null(kslurm_verb_find_verb(&verb, ""));
  g_assert_null(kslurm_verb_find_verb(&bare, "up"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/verb/rows", test_rows);
  g_test_add_func("/verb/option", test_option);
  g_test_add_func("/verb/letter", test_letter);
  g_test_add_func("/verb/foreign", test_foreign);
  g_test_add_func("/verb/kind", test_kind);
  g_test_add_func("/verb/names", test_names);
  return g_test_run();
}
