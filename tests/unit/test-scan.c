/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-call.h"
#include "unit.h"

static KslurmTake
take_number(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  if (!g_ascii_isdigit(text[0]))
    return KSLURM_TAKE_NO;
  if (text[0] != '0')
    return KSLURM_TAKE_YES;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: '%s' is nothing", arg->name, text);
  return KSLURM_TAKE_ERROR;
}

#define COMMON                                                                             \
  {.kind = KSLURM_ARG_FLAG, .name = "help", .letter = 'h', .help = "-"},                   \
  {                                                                                        \
    .kind = KSLURM_ARG_FLAG, .name = "version", .help = "-"                                \
  }

static const KslurmArg run_rows[] = {
    {.kind = KSLURM_ARG_WORD, .name = "number", .max = 1, .take = take_number},
    {.kind = KSLURM_ARG_FLAG, .name = "all", .letter = 'l', .help = "-"},
    {.kind = KSLURM_ARG_FLAG, .name = "hidden"},
    {.kind = KSLURM_ARG_VALUE,
     .name = "account",
     .letter = 'a',
     .shape = "ACCOUNT",
     .help = "-",
     .max = 1},
    {.kind = KSLURM_ARG_VALUE,
     .name = "size",
     .shape = "SIZE",
     .help = "-",
     .take = take_number},
    COMMON,
    {.kind = KSLURM_ARG_REST, .name = "command", .shape = "COMMAND"},
    {0}};
static const KslurmArg two_rows[] = {
    {.kind = KSLURM_ARG_OPERAND, .name = "from", .shape = "FROM", .min = 1, .max = 1},
    {.kind = KSLURM_ARG_OPERAND, .name = "to", .shape = "TO", .max = 1},
    {0}};
static const KslurmArg must_rows[] = {
    {.kind = KSLURM_ARG_REST, .name = "command", .shape = "CMD", .min = 1}, {0}};
static const KslurmArg common_rows[] = {COMMON, {0}};
static const KslurmArg *const run_args[] = {run_rows, NULL};
static const KslurmArg *const two_args[] = {two_rows, common_rows, NULL};
static const KslurmArg *const must_args[] = {must_rows, NULL};
static const KslurmArg *const tool_args[] = {common_rows, NULL};
static const KslurmForeign foreign[] = {{"mem", 0, TRUE, NULL},
                                        {"mem-per-cpu", 0, TRUE, NULL},
                                        {"nodelist", 'w', TRUE, NULL},
                                        {"hold", 'H', FALSE, NULL},
                                        {0}};

static const KslurmVerb verbs[] = {{.name = "copy", .args = two_args},
                                   {.name = "must", .args = must_args},
                                   {.name = "other"},
                                   {0}};
static const KslurmVerb run = {.name = "run", .args = run_args, .foreign = foreign};
static const KslurmVerb tool = {.name = "tool", .args = tool_args, .verbs = verbs};

/* "ROW=VALUE", a flag "ROW", "+OPTION" passed on, "VERB:" before, "| WORD…" the rest */
static char *
describe(KslurmCall *call)
{
  static const char *const rows[] = {"number", "all",     "hidden", "account", "size",
                                     "help",   "version", "from",   "to"};
  GString *text = g_string_new(NULL);
  const char *const *rest = kslurm_call_get_rest(call);
  GPtrArray *passed = kslurm_call_get_foreign(call);

  if (kslurm_call_get_verb(call) != kslurm_call_get_program(call))
    g_string_append_printf(text, "%s: ", kslurm_call_get_verb(call)->name);
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    for (guint n = 0; n < kslurm_call_count(call, rows[i]); n++) {
      const char *value = kslurm_call_get_nth(call, rows[i], n);

      g_string_append_printf(text, value != NULL ? "%s=%s " : "%s ", rows[i], value);
    }
  }
  for (guint i = 0; i < passed->len; i++)
    g_string_append_printf(text, "+%s ", ((KslurmForeignUse *)passed->pdata[i])->text);
  for (gsize i = 0; rest[i] != NULL; i++)
    g_string_append_printf(text, i == 0 ? "| %s " : "%s ", rest[i]);
  if (text->len > 0)
    g_string_truncate(text, text->len - 1);
  return g_string_free(text, FALSE);
}

typedef struct {
  const char *line; /* the words, parted by blanks */
  const char *want; /* the call, or the error */
} Case;

static void
check(const KslurmVerb *program, const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_auto(GStrv) argv = g_strsplit(cases[i].line, " ", -1);
    g_autoptr(KslurmCall) call = kslurm_call_new(program, (const char *const *)argv);
    g_autoptr(GError) error = NULL;
    gboolean good = kslurm_call_scan(call, &error);
    g_autofree char *text = good ? describe(call) : g_strdup(error->message);

    g_assert_cmpint(good, ==, error == NULL);
    g_assert_cmpstr(text, ==, cases[i].want);
  }
}

static void
test_words(void)
{
  static const Case cases[] = {{"run", ""},
                               {"run 4 echo 5", "number=4 | echo 5"},
                               {"run echo --all -a", "| echo --all -a"},
                               {"run -- 4", "| 4"},
                               {"run 4 -- --all -- x", "number=4 | --all -- x"},
                               {"run - x", "| - x"},
                               {"run ", "| "},
                               {"run \xff\xfe", "| \xff\xfe"},
                               {"run 4 5", "number given twice: '4' and '5'"},
                               {"run 0", "number: '0' is nothing"},
                               {"run --no-such", "+--no-such"}};

  check(&run, cases, G_N_ELEMENTS(cases));
}

static void
test_options(void)
{
  static const Case cases[] = {
      {"run -a x", "account=x"},
      {"run -ax", "account=x"},
      {"run --account x y", "account=x | y"},
      {"run --account=x=y", "account=x=y"},
      {"run --account=", "account="},
      {"run -a -a", "account=-a"},
      {"run -lax 4", "number=4 all account=x"},
      {"run -ll", "all all"},
      {"run -a x --account=y", "account given twice: '-a x' and '--account=y'"},
      {"run -a", "'-a' needs a value: -a ACCOUNT"},
      {"run --account", "'--account' needs a value: --account ACCOUNT"},
      {"run --all=yes", "'--all' takes no value: '--all=yes'"},
      {"run --size=0", "size: '0' is nothing"},
      {"run --size 7", "size=7"},
      {"run -lz", "'-lz' is no option; '-h' lists them"},
      {"run -\xff", "'-\xff' is no option; '-h' lists them"},
      {"run --hidden", "hidden"},
      {"run --help --account", "help"},
      {"run -hz --nonsense 0 0", "help"},
      {"run --version 0", "version"}};

  check(&run, cases, G_N_ELEMENTS(cases));
}

static void
test_foreign(void)
{
  static const Case cases[] = {{"run --mem 4G x", "+--mem=4G | x"},
                               {"run --mem=4G", "+--mem=4G"},
                               {"run --mem-per 1G", "+--mem-per=1G"},
                               {"run --hold x", "+--hold | x"},
                               {"run -w a x", "+-wa | x"},
                               {"run -wa", "+-wa"},
                               {"run -H 4", "number=4 +-H"},
                               {"run --site-plugin=x --other", "+--site-plugin=x +--other"},
                               {"run --mem", "'--mem' needs a value: --mem VALUE"},
                               {"run -w", "'-w' needs a value: -w VALUE"}};

  check(&run, cases, G_N_ELEMENTS(cases));
}

static void
test_verbs(void)
{
  static const Case cases[] = {
      {"tool", ""},
      {"tool copy a b", "copy: from=a to=b"},
      {"tool copy a", "copy: from=a"},
      {"tool copy -- -a --", "copy: from=-a to=--"},
      {"tool --help copy", "help"},
      {"tool copy --help", "copy: help"},
      {"tool other --anything -x copy --", "other: | --anything -x copy --"},
      {"tool must x --help", "must: | x --help"},
      {"tool copy", "FROM is missing; '-h' shows what is taken"},
      {"tool must", "CMD is missing; '-h' shows what is taken"},
      {"tool copy a b c", "'c' is one word too many; '-h' shows what is taken"},
      {"tool cpoy a", "'cpoy' is no command; '-h' lists them"},
      {"tool copi a", "'copi' is no command; did you mean 'copy'?"},
      {"tool whatever", "'whatever' is no command; '-h' lists them"},
      {"tool --vresion", "'--vresion' is no option; did you mean '--version'?"},
      {"tool --xyzzy=1", "'--xyzzy=1' is no option; '-h' lists them"},
      {"tool -z", "'-z' is no option; '-h' lists them"}};

  check(&tool, cases, G_N_ELEMENTS(cases));
}

static void
test_long(void)
{
  g_autofree char *word = unit_repeat("x", 1 << 20);
  g_autofree char *option = g_strconcat("--", word, NULL);
  const char *const argv[] = {"tool", option, NULL};
  g_autofree char *message = g_strdup_printf("'%s' is no option; '-h' lists them", option);
  g_autoptr(KslurmCall) call = kslurm_call_new(&tool, argv);
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_call_scan(call, &error));
  unit_assert_usage(error, message);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/scan/words", test_words);
  g_test_add_func("/scan/options", test_options);
  g_test_add_func("/scan/foreign", test_foreign);
  g_test_add_func("/scan/verbs", test_verbs);
  g_test_add_func("/scan/long", test_long);
  return g_test_run();
}
