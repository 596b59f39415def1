/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-complete.h"

#include "unit.h"

static KslurmTake
take_four(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  return g_str_equal(text, "4") ? KSLURM_TAKE_YES : KSLURM_TAKE_NO;
}

static char **
list_colours(void)
{
  return g_strsplit("red rust", " ", -1);
}

static char **
list_nothing(void)
{
  return NULL;
}

static const KslurmCompleter completers[] = {
    {"colours", list_colours}, {"nothing", list_nothing}, {NULL, NULL}};

static const KslurmArg run_rows[] = {
    {.kind = KSLURM_ARG_WORD,
     .name = "size",
     .help = "how many",
     .complete = "small|smart",
     .take = take_four},
    {.kind = KSLURM_ARG_FLAG, .name = "test", .letter = 't', .help = "show"},
    {.kind = KSLURM_ARG_FLAG, .name = "hidden"},
    {.kind = KSLURM_ARG_VALUE,
     .name = "colour",
     .letter = 'c',
     .shape = "C",
     .help = "of it",
     .complete = "colours"},
    {.kind = KSLURM_ARG_VALUE,
     .name = "none",
     .letter = 'n',
     .shape = "N",
     .help = "empty",
     .complete = "nothing"},
    {.kind = KSLURM_ARG_VALUE,
     .name = "file",
     .shape = "F",
     .help = "a file",
     .complete = "file"},
    {.kind = KSLURM_ARG_VALUE, .name = "free", .shape = "F", .help = "free"},
    {.kind = KSLURM_ARG_REST, .name = "command", .shape = "CMD", .complete = "command"},
    {0}};
static const KslurmArg copy_rows[] = {{.kind = KSLURM_ARG_OPERAND,
                                       .name = "from",
                                       .shape = "FROM",
                                       .complete = "dir",
                                       .max = 1},
                                      {.kind = KSLURM_ARG_OPERAND,
                                       .name = "to",
                                       .shape = "TO",
                                       .complete = "near|far",
                                       .max = 1},
                                      {0}};
static const KslurmArg in_rows[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "place",
     .shape = "PLACE",
     .complete = "near|far",
     .max = 1},
    {.kind = KSLURM_ARG_REST, .name = "command", .shape = "CMD", .complete = "command"},
    {0}};
static const KslurmArg *const in_args[] = {in_rows, NULL};
static const KslurmArg *const run_args[] = {run_rows, NULL};
static const KslurmArg *const copy_args[] = {copy_rows, NULL};
static const KslurmForeign foreign[] = {{"mem", 0, TRUE, NULL},
                                        {"mem-per-cpu", 0, TRUE, NULL},
                                        {"free", 0, TRUE, NULL},
                                        {"hold", 'H', FALSE, NULL},
                                        {"nodelist", 'w', TRUE, NULL, "file"},
                                        {0}};
static const KslurmVerb verbs[] = {
    {.name = "copy", .summary = "copy it", .args = copy_args},
    {.name = "count", .summary = "count it"},
    {.name = "in", .summary = "run in it", .args = in_args},
    {.name = "secret"},
    {0}};
static const KslurmVerb run = {
    .name = "run", .args = run_args, .foreign = foreign, .completers = completers};
static const KslurmVerb tool = {.name = "tool", .verbs = verbs};

typedef struct {
  const KslurmVerb *program;
  const char *line; /* the cursor's index, then the words, parted by blanks */
  const char *want;
} Case;

static void
complete(gpointer data)
{
  const Case *c = data;
  g_auto(GStrv) argv = g_strsplit(c->line, " ", -1);

  g_assert_cmpint(kslurm_complete(c->program, (const char *const *)argv), ==, 0);
}

static void
check(const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *text = unit_capture(complete, (gpointer)&cases[i]);

    g_assert_cmpstr(text, ==, cases[i].want);
  }
}

static void
test_words(void)
{
  static const Case cases[] = {
      {&run, "1 run sm", "small\thow many\nsmart\thow many\n:commands \n"},
      {&run, "1 run sma", "small\thow many\nsmart\thow many\n:commands \n"},
      {&run, "2 run 4 smar", "smart\thow many\n:commands \n"},
      {&run, "2 run -- sm", ":commands \n"},
      {&run, "2 run echo sm", ":rest 1\n"},
      {&run, "4 run 4 -t echo -", ":rest 3\n"},
      {&run, "3 run -- 4 x", ":rest 2\n"},
      {&run, "1 run \xff", ":commands \n"}};

  check(cases, G_N_ELEMENTS(cases));
}

static void
test_options(void)
{
  static const Case cases[] = {
      {&run, "1 run --t", "--test\tshow\n"},
      {&run, "1 run --hi", ""},
      {&run, "1 run -t", ""},
      {&run, "1 run -",
       "--test\tshow\n-t\tshow\n--colour\tof it\n-c\tof it\n--none\tempty\n-n\tempty\n"
       "--file\ta file\n--free\tfree\n"},
      {&run, "1 run --m", "--mem=\t\n--mem-per-cpu=\t\n"},
      {&run, "1 run --h", "--hold\t\n"},
      {&run, "1 run --fr", "--free\tfree\n"}};

  check(cases, G_N_ELEMENTS(cases));
}

static void
test_values(void)
{
  static const Case cases[] = {
      {&run, "2 run -c r", "red\t\nrust\t\n"},
      {&run, "2 run --colour ru", "rust\t\n"},
      {&run, "1 run --colour=ru", "--colour=rust\t\n"},
      {&run, "3 run -c red sma", "small\thow many\nsmart\thow many\n:commands \n"},
      {&run, "2 run -tc ru", "rust\t\n"},
      {&run, "2 run -n n", ""},
      {&run, "1 run --none=", ""},
      {&run, "2 run --file x", ":files \n"},
      {&run, "2 run --free x", ""},
      {&run, "2 run --mem x", ""},
      {&run, "2 run -w x", ":files \n"},
      {&run, "1 run -wx", ":files -w\n"},
      {&run, "2 run -wx smar", "smart\thow many\n:commands \n"},
      {&run, "2 run -H smar", "smart\thow many\n:commands \n"},
      {&run, "1 run --partition=x", ""}};

  check(cases, G_N_ELEMENTS(cases));
}

static void
test_verbs(void)
{
  static const Case cases[] = {{&tool, "1 tool co", "copy\tcopy it\ncount\tcount it\n"},
                               {&tool, "1 tool se", ""},
                               {&tool, "2 tool copy ", ":dirs \n"},
                               {&tool, "3 tool copy a n", "near\t\n"},
                               {&tool, "4 tool copy a b n", ""},
                               {&tool, "2 tool in n", "near\t\n"},
                               {&tool, "3 tool in near ec", ":commands \n"},
                               {&tool, "4 tool in near echo x", ":rest 3\n"},
                               {&tool, "5 tool in near -- echo x", ":rest 4\n"},
                               {&tool, "3 tool count a b", ":rest 1\n"}};

  check(cases, G_N_ELEMENTS(cases));
}

/* a shell may ask anything; the prompt is no place for errors */
static void
test_nonsense(void)
{
  static const Case cases[] = {
      {&run, "", ""},
      {&run, "1", ""},
      {&run, "0 run", ""},
      {&run, "-1 run", ""},
      {&run, "x run sm", ""},
      {&tool, "1 tool", "copy\tcopy it\ncount\tcount it\nin\trun in it\n"},
      {&tool, "99999999999999999999999 tool copy", ":dirs \n"}};

  check(cases, G_N_ELEMENTS(cases));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/complete/words", test_words);
  g_test_add_func("/complete/options", test_options);
  g_test_add_func("/complete/values", test_values);
  g_test_add_func("/complete/verbs", test_verbs);
  g_test_add_func("/complete/nonsense", test_nonsense);
  return g_test_run();
}
