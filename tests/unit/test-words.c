/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-words.h"

#include "base/request/kslurm-setting.h"
#include "unit.h"

static const KslurmArg *const args[] = {kslurm_args_words, NULL};
static const KslurmVerb verb = {.name = "words", .args = args};

/* '/work' and '/work/here' are there */
static gboolean
is_directory(const char *path, gpointer data)
{
  g_assert_true(g_path_is_absolute(path));
  return g_str_equal(path, "/work") || g_str_equal(path, "/work/here");
}

/* "GROUP:--OPTION=VALUE…", the GPUs after '+'; or the message */
static char *
read_words(const char *line)
{
  g_autofree char *words = g_strconcat("words|", line, NULL);
  g_auto(GStrv) argv = g_strsplit(words, "|", -1);
  g_autoptr(KslurmCall) call = kslurm_call_new(&verb, (const char *const *)argv);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  KslurmWords *got = NULL;

  kslurm_words_set_world(call, "/work", is_directory, NULL);
  if (!kslurm_call_scan(call, &error)) {
    unit_assert_usage(error, error->message);
    return g_strdup(error->message);
  }
  got = kslurm_words_of_call(call);
  text = unit_join_settings(got->settings);
  if (got->gpus.count == 0)
    return g_steal_pointer(&text);
  return g_strdup_printf("%s+%s:%u", text, got->gpus.kind != NULL ? got->gpus.kind : "",
                         got->gpus.count);
}

typedef struct {
  const char *words, *want;
} Case;

static void
check(const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *got = read_words(cases[i].words);

    g_assert_cmpstr(got, ==, cases[i].want);
  }
}

static void
test_taken(void)
{
  static const Case cases[] = {
      {"3:00", "time:--time=03:00:00"},
      {"2d", "time:--time=2-00:00:00"},
      {"4", "cpus:--cpus-per-task=4"},
      {"0065533", "cpus:--cpus-per-task=65533"},
      {"4G", "memory:--mem=4000M"},
      {"4GiB/cpu", "memory:--mem-per-cpu=4096M"},
      {"nodes:2", "nodes:--nodes=2"},
      {"nodes:2-4", "nodes:--nodes=2-4"},
      {"tasks:8", "tasks:--ntasks=8"},
      {"./here/", "directory:--chdir=/work/here"},
      {"here/", "directory:--chdir=/work/here"},
      {"/work/x/../here", "directory:--chdir=/work/here"},
      {"./", "directory:--chdir=/work"},
      {"gpu", "+:1"},
      {"gpu:a100:2|gpu:a100:2", "+a100:2"},
      {"1:00|2|3G|gpu:2|nodes:1|tasks:1|./here",
       "time:--time=01:00:00 cpus:--cpus-per-task=2 memory:--mem=3000M nodes:--nodes=1 "
       "tasks:--ntasks=1 directory:--chdir=/work/here+:2"}};

  check(cases, G_N_ELEMENTS(cases));
}

static void
test_refused(void)
{
  static const Case cases[] = {
      {"0", "'0' is no number of cpus; Slurm takes 1 to 65533"},
      {"65534", "'65534' is no number of cpus; Slurm takes 1 to 65533"},
      {"18446744073709551617",
       "'18446744073709551617' is no number of cpus; Slurm takes 1 to 65533"},
      {"nodes:0", "'nodes:0': write a number, as in 'nodes:2', or two, as in 'nodes:2-4'"},
      {"nodes:", "'nodes:': write a number, as in 'nodes:2', or two, as in 'nodes:2-4'"},
      {"nodes:2-",
       "'nodes:2-': write a number, as in 'nodes:2', or two, as in 'nodes:2-4'"},
      {"nodes:2\n",
       "'nodes:2\n': write a number, as in 'nodes:2', or two, as in 'nodes:2-4'"},
      {"nodes:99999999",
       "'nodes:99999999': write a number, as in 'nodes:2', or two, as in 'nodes:2-4'"},
      {"tasks:x", "'tasks:x': write a number, as in 'tasks:8'"},
      {"tasks:-1", "'tasks:-1': write a number, as in 'tasks:8'"},
      {"none/", "'none/': there is no such directory"},
      {"/", "'/': there is no such directory"},
      {"90m", "'90m' could be 90 minutes or 90 megabytes; write '90min' or '90M'"},
      {"4|8", "cpus given twice: '4' and '8'"},
      {"4|4", "cpus given twice: '4' and '4'"},
      {"3:00|2d", "time given twice: '3:00' and '2d'"},
      {"4G|1G/cpu", "memory given twice: '4G' and '1G/cpu'"},
      {"gpu|gpu:2", "gpu given twice: 'gpu' and 'gpu:2'"},
      {"nodes:1|nodes:1", "nodes given twice: 'nodes:1' and 'nodes:1'"},
      {"./here|./here", "directory given twice: './here' and './here'"}};

  check(cases, G_N_ELEMENTS(cases));
}

#define EXTRA(word) "'" word "' is one word too many; '-h' shows what is taken"

static void
test_others(void)
{
  static const Case cases[] = {{"", EXTRA("")},
                               {"echo", EXTRA("echo")},
                               {"4x", EXTRA("4x")},
                               {"+4", EXTRA("+4")},
                               {"node:2", EXTRA("node:2")},
                               {"./none", EXTRA("./none")},
                               {"here", EXTRA("here")},
                               {"x11", EXTRA("x11")},
                               {"array:1-2", EXTRA("array:1-2")},
                               {"\xff/\xff", EXTRA("\xff/\xff")}};

  check(cases, G_N_ELEMENTS(cases));
}

static void
test_long(void)
{
  g_autofree char *digits = unit_repeat("9", 1 << 20);
  g_autofree char *path = unit_repeat("../x/", 1 << 16);
  const struct {
    const char *word, *format;
  } cases[] = {{digits, "'%s' is no number of cpus; Slurm takes 1 to 65533"},
               {path, "'%s': there is no such directory"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *got = read_words(cases[i].word);
    g_auto(GStrv) around = g_strsplit(cases[i].format, "%s", 2);
    g_autofree char *want = g_strjoin(cases[i].word, around[0], around[1], NULL);

    g_assert_true(g_str_equal(got, want));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/words/taken", test_taken);
  g_test_add_func("/words/refused", test_refused);
  g_test_add_func("/words/others", test_others);
  g_test_add_func("/words/long", test_long);
  return g_test_run();
}
