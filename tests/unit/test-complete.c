/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-complete.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static char **
list_accounts(void)
{
  return g_strsplit("def-a def-b rrg-c", " ", -1);
}

static char **
list_nothing(void)
{
  return NULL;
}

static const KslurmCompleter completers[] = {
    {"accounts", list_accounts}, {"nothing", list_nothing}, {NULL, NULL}};

static KslurmTake
take_gpu(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  return g_str_has_prefix(text, "gpu") ? KSLURM_TAKE_YES : KSLURM_TAKE_NO;
}

#define VALUE(l, n, c)                                                                     \
  {                                                                                        \
    .kind = KSLURM_ARG_VALUE, .letter = l, .name = n, .help = n " help", .complete = c     \
  }

static const KslurmArg words[] = {
    {.kind = KSLURM_ARG_WORD,
     .name = "gpu",
     .help = "GPUs",
     .complete = "gpu|gpu:2",
     .take = take_gpu},
    {.kind = KSLURM_ARG_FLAG, .letter = 't', .name = "test", .help = "run nothing"},
    {.kind = KSLURM_ARG_FLAG, .letter = 'z', .name = "hidden"},
    VALUE('a', "account", "accounts"),
    VALUE(0, "file", "file"),
    VALUE(0, "folder", "dir"),
    VALUE(0, "plain", NULL),
    VALUE(0, "void", "nothing"),
    {.kind = KSLURM_ARG_REST, .name = "command", .complete = "command"},
    {0}};
static const KslurmArg operands[] = {
    {.kind = KSLURM_ARG_OPERAND, .name = "key", .complete = "one|two", .max = 1},
    {.kind = KSLURM_ARG_OPERAND, .name = "place", .complete = "dir", .max = 1},
    {0}};
static const KslurmArg *const with_words[] = {words, NULL};
static const KslurmArg *const with_operands[] = {operands, NULL};
static const KslurmForeign foreign[] = {{"account", 'A', TRUE, NULL},
                                        {"partition", 'p', TRUE, NULL},
                                        {"exclusive", 0, FALSE, NULL},
                                        {NULL, 'Q', FALSE, NULL},
                                        {0}};
static const KslurmVerb below[] = {
    {.name = "config", .summary = "Set", .args = with_operands},
    {.name = "commit", .args = with_operands},
    {.name = "sandbox", .summary = "Try"},
    {0}};

static const KslurmVerb runs = {
    .name = "k", .args = with_words, .foreign = foreign, .completers = completers};
static const KslurmVerb parts = {.name = "k", .verbs = below};

#define WORDS "gpu\tGPUs\ngpu:2\tGPUs\n:commands\n"
#define ACCOUNTS "def-a\t\ndef-b\t\nrrg-c\t\n"
#define VERBS "config\tSet\nsandbox\tTry\n"

static const struct {
  const KslurmVerb *program;
  const char *line; /* the cursor's index and the words, parted by '+' */
  const char *answer;
} cases[] = {
    {&runs, "1+k+", WORDS},
    {&runs, "1+k", WORDS},
    {&runs, "2+k", ""},
    {&runs, "9+k", ""},
    {&runs, "1+k+gpu:", "gpu:2\tGPUs\n:commands\n"},
    {&runs, "1+k+\xff", ":commands\n"},
    {&runs, "2+k+gpu+", WORDS},
    {&runs, "2+k+-t+", WORDS},
    {&runs, "2+k+-Q+", WORDS},
    {&runs, "1+k+-",
     "--test\trun nothing\n-t\trun nothing\n--account\taccount help\n-a\taccount help\n"
     "--file\tfile help\n--folder\tfolder help\n--plain\tplain help\n"
     "--void\tvoid help\n"},
    {&runs, "1+k+--f", "--file\tfile help\n--folder\tfolder help\n"},
    {&runs, "1+k+--a", "--account\taccount help\n"},
    {&runs, "1+k+--p", "--plain\tplain help\n--partition=\t\n"},
    {&runs, "1+k+--e", "--exclusive\t\n"},
    {&runs, "1+k+--hid", ""},
    {&runs, "2+k+-a+", ACCOUNTS},
    {&runs, "2+k+-a+def", "def-a\t\ndef-b\t\n"},
    {&runs, "2+k+--account+r", "rrg-c\t\n"},
    {&runs, "1+k+--account=r", "rrg-c\t\n"},
    {&runs, "2+k+-ta+r", "rrg-c\t\n"},
    {&runs, "2+k+-adef-a+", WORDS},
    {&runs, "2+k+--account=x+", WORDS},
    {&runs, "3+k+-a+x+", WORDS},
    {&runs, "2+k+-a+-", ""},
    {&runs, "2+k+--file+", ":files\n"},
    {&runs, "2+k+--folder+", ":dirs\n"},
    {&runs, "2+k+--plain+", ""},
    {&runs, "2+k+--void+", ""},
    {&runs, "2+k+-p+", ":files\n"},
    {&runs, "2+k+--part+", ":files\n"},
    {&runs, "2+k+-pdebug+", WORDS},
    {&runs, "1+k+--partition=d", ":files\n"},
    {&runs, "2+k+--exclusive+", WORDS},
    {&runs, "2+k+echo+-", ":rest 1\n"},
    {&runs, "4+k+-t+gpu+echo+", ":rest 3\n"},
    {&runs, "2+k+--+g", ":commands\n"},
    {&runs, "2+k+--+-", ":commands\n"},
    {&runs, "3+k+--+gpu+", ":rest 2\n"},
    {&parts, "1+k+", VERBS},
    {&parts, "1+k+c", "config\tSet\n"},
    {&parts, "2+k+config+", "one\t\ntwo\t\n"},
    {&parts, "3+k+config+one+", ":dirs\n"},
    {&parts, "4+k+config+one+x+", ""},
    {&parts, "2+k+commit+t", "two\t\n"},
    {&parts, "2+k+sandbox+", ":rest 1\n"},
    {&parts, "2+k+what+s", "sandbox\tTry\n"},
    {&runs, "0+k+", ""},
    {&runs, "x+k+", ""},
    {&runs, "-1+k+", ""},
    {&runs, "1", ""},
    {&runs, "", ""},
};

/* the answer goes to stdout, where the test's own report goes too */
static char *
answer(const KslurmVerb *program, const char *line)
{
  g_auto(GStrv) argv = g_strsplit(line, "+", -1);
  int fd = memfd_create("answer", MFD_CLOEXEC), kept = dup(STDOUT_FILENO);
  off_t length = 0;
  char *text = NULL;

  fflush(stdout);
  g_assert_cmpint(dup2(fd, STDOUT_FILENO), ==, STDOUT_FILENO);
  g_assert_cmpint(kslurm_complete(program, (const char *const *)argv), ==, 0);
  fflush(stdout);
  g_assert_cmpint(dup2(kept, STDOUT_FILENO), ==, STDOUT_FILENO);
  close(kept);
  length = lseek(fd, 0, SEEK_END);
  text = g_malloc0((gsize)length + 1);
  g_assert_cmpint(pread(fd, text, (gsize)length, 0), ==, length);
  close(fd);
  return text;
}

static void
test_answers(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = answer(cases[i].program, cases[i].line);

    g_test_message("case %u", (guint)i);
    g_assert_cmpstr(text, ==, cases[i].answer);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/complete/answers", test_answers);
  return g_test_run();
}
