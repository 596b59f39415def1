/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-help.h"

static int
run(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  return 0;
}

static const KslurmArg words[] = {
    {.kind = KSLURM_ARG_WORD, .name = "time", .shape = "3:00 90min", .help = "time"},
    {.kind = KSLURM_ARG_WORD, .name = "array", .shape = "array:1-2"},
    {.kind = KSLURM_ARG_FLAG, .letter = 't', .name = "test", .help = "run nothing"},
    {.kind = KSLURM_ARG_FLAG, .name = "hidden"},
    {.kind = KSLURM_ARG_VALUE,
     .letter = 'a',
     .name = "after-all",
     .shape = "JÖB,…",
     .help = "start later"},
    {.kind = KSLURM_ARG_VALUE,
     .letter = 'a',
     .name = "after-all-of",
     .shape = "JÖB,…",
     .help = "24 columns"},
    {.kind = KSLURM_ARG_VALUE,
     .letter = 'a',
     .name = "after-all-off",
     .shape = "JÖB,…",
     .help = "one too many"},
    {.kind = KSLURM_ARG_REST, .name = "command", .shape = "COMMAND"},
    {0}};
static const KslurmArg operands[] = {
    {.kind = KSLURM_ARG_OPERAND, .shape = "KEY", .help = "a key", .min = 1, .max = 1},
    {.kind = KSLURM_ARG_OPERAND, .shape = "VALUE", .max = 1},
    {.kind = KSLURM_ARG_OPERAND, .shape = "MORE", .min = 1},
    {0}};
static const KslurmArg *const with_words[] = {words, NULL};
static const KslurmArg *const with_operands[] = {operands, NULL};
static const KslurmForeign foreign[] = {{"partition", 'p', TRUE, NULL}, {0}};
static const KslurmVerb below[] = {
    {.name = "up", .summary = "Start it"},
    {.name = "run", .args = with_operands},
    {.name = "a-name-that-takes-26-cols.", .summary = "End it", .args = with_operands},
    {0}};

static const KslurmVerb verbs[] = {
    {.name = "krun", .summary = "Run.", .args = with_words, .foreign = foreign, .run = run},
    {.name = "config", .summary = "Set.", .args = with_operands, .run = run},
    {.name = "sandbox", .summary = "Try.", .verbs = below},
    {.name = "both", .summary = "Both.", .verbs = below, .run = run},
    {.name = "none", .summary = "None."}};

#define BELOW                                                                              \
  "\ncommands:\n"                                                                          \
  "  up                        Start it\n"                                                 \
  "  a-name-that-takes-26-cols.\n"                                                         \
  "                            End it\n"

static const char *const texts[] = {
    "usage: p krun [WORD…] [OPTION…] [COMMAND…]\n\nRun.\n"
    "\nwords, in any order:\n"
    "  3:00 90min                time\n"
    "\noptions:\n"
    "  -t, --test                run nothing\n"
    "  -a, --after-all JÖB,…     start later\n"
    "  -a, --after-all-of JÖB,…  24 columns\n"
    "  -a, --after-all-off JÖB,…\n"
    "                            one too many\n"
    "\nAny other option goes to Slurm as it is: -p debug, --qos=high.\n",
    "usage: p config [OPTION…] KEY [VALUE] MORE…\n\nSet.\n"
    "\narguments:\n"
    "  KEY                       a key\n",
    "usage: p sandbox COMMAND\n\nTry.\n" BELOW, "usage: p both [COMMAND]\n\nBoth.\n" BELOW,
    "usage: p none\n\nNone.\n"};

static void
test_text(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
    g_autofree char *command = g_strdup_printf("p %s", verbs[i].name);
    g_autofree char *text = kslurm_help_to_text(command, &verbs[i]);

    g_assert_cmpstr(text, ==, texts[i]);
  }
}

static void
test_rst(void)
{
  static const struct {
    gsize verb;
    const char *command, *text;
  } cases[] = {{0, "krun",
                "``3:00 90min``\n    time\n\n``-t, --test``\n    run nothing\n\n"
                "``-a, --after-all JÖB,…``\n    start later\n\n"
                "``-a, --after-all-of JÖB,…``\n    24 columns\n\n"
                "``-a, --after-all-off JÖB,…``\n    one too many\n\n"},
               {1, "config", "``KEY``\n    a key\n\n"},
               {2, "é",
                "é up\n----\n\nStart it.\n\n"
                "é a-name-that-takes-26-cols.\n----------------------------\n\nEnd it.\n\n"
                "``KEY``\n    a key\n\n"},
               {4, "none", ""}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = kslurm_help_to_rst(cases[i].command, &verbs[cases[i].verb]);

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
