/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-help.h"

static const KslurmArg words[] = {
    {.kind = KSLURM_ARG_WORD, .name = "time", .shape = "3:00", .help = "the time"},
    {.kind = KSLURM_ARG_WORD, .name = "hidden", .shape = "x"},
    {0}};
static const KslurmArg options[] = {{.kind = KSLURM_ARG_VALUE,
                                     .name = "account",
                                     .letter = 'a',
                                     .shape = "ACCOUNT",
                                     .help = "to charge"},
                                    {.kind = KSLURM_ARG_FLAG, .name = "new", .help = "été"},
                                    {.kind = KSLURM_ARG_VALUE,
                                     .name = "an-option-of-some-length",
                                     .shape = "É",
                                     .help = "wraps"},
                                    {.kind = KSLURM_ARG_FLAG, .name = "secret"},
                                    {0}};
static const KslurmArg rest[] = {
    {.kind = KSLURM_ARG_REST, .name = "command", .shape = "COMMAND"}, {0}};
static const KslurmArg operands[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "from",
     .shape = "FROM",
     .help = "first",
     .min = 1,
     .max = 1},
    {.kind = KSLURM_ARG_OPERAND, .name = "to", .shape = "TO", .help = "second", .max = 1},
    {.kind = KSLURM_ARG_OPERAND, .name = "more", .shape = "MORE", .help = "others"},
    {0}};
static const KslurmArg *const run_args[] = {words, options, rest, NULL};
static const KslurmArg *const copy_args[] = {operands, NULL};
static const KslurmForeign foreign[] = {{"mem", 0, TRUE, NULL}, {0}};

static int
nothing(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  return 0;
}

static const KslurmVerb verbs[] = {
    {.name = "copy", .summary = "copy it", .args = copy_args}, {.name = "silent"}, {0}};
static const KslurmVerb run_verb = {
    .name = "run", .summary = "Run it.", .args = run_args, .foreign = foreign};
static const KslurmVerb group = {.name = "tool", .summary = "Tools.", .verbs = verbs};
static const KslurmVerb both = {
    .name = "tool", .summary = "Tools.", .verbs = verbs, .run = nothing};

#define COMMANDS "Tools.\n\ncommands:\n  copy                      copy it\n"

static void
test_text(void)
{
  const struct {
    const char *command;
    const KslurmVerb *verb;
    const char *text;
  } cases[] = {{"run", &run_verb,
                "usage: run [WORD…] [OPTION…] [COMMAND…]\n\nRun it.\n\n"
                "words, in any order:\n"
                "  3:00                      the time\n\n"
                "options:\n"
                "  -a, --account ACCOUNT     to charge\n"
                "  --new                     été\n"
                "  --an-option-of-some-length É\n"
                "                            wraps\n\n"
                "Any other option goes to Slurm as it is: -p debug, --qos=high.\n"},
               {"tool copy", &verbs[0],
                "usage: tool copy [OPTION…] FROM [TO] [MORE…]\n\ncopy it\n\n"
                "arguments:\n"
                "  FROM                      first\n"
                "  TO                        second\n"
                "  MORE                      others\n"},
               {"tool", &group, "usage: tool COMMAND\n\n" COMMANDS},
               {"tool", &both, "usage: tool [COMMAND]\n\n" COMMANDS}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = kslurm_help_to_text(cases[i].command, cases[i].verb);

    g_assert_cmpstr(text, ==, cases[i].text);
  }
}

#define COPY "``FROM``\n    first\n\n``TO``\n    second\n\n``MORE``\n    others\n\n"

static void
test_rst(void)
{
  const struct {
    const char *command;
    const KslurmVerb *verb;
    const char *text;
  } cases[] = {{"run", &run_verb,
                "``3:00``\n    the time\n\n``-a, --account ACCOUNT``\n    to charge\n\n"
                "``--new``\n    été\n\n``--an-option-of-some-length É``\n    wraps\n\n"},
               {"tool copy", &verbs[0], COPY},
               {"tool", &group, "tool copy\n---------\n\ncopy it.\n\n" COPY},
               {"é", &group, "é copy\n------\n\ncopy it.\n\n" COPY}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = kslurm_help_to_rst(cases[i].command, cases[i].verb);

    g_assert_cmpstr(text, ==, cases[i].text);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/help/text", test_text);
  g_test_add_func("/help/rst", test_rst);
  return g_test_run();
}
