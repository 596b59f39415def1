/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-call.h"

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_FLAG, .name = "quiet", .letter = 'q'},
    {.kind = KSLURM_ARG_VALUE, .name = "value", .letter = 'v', .shape = "V"},
    {.kind = KSLURM_ARG_OPERAND, .name = "file", .shape = "FILE"},
    {0}};
static const KslurmArg *const args[] = {rows, NULL};
static const KslurmVerb program = {.name = "tool", .args = args};

static KslurmCall *
scan(const char *line)
{
  g_auto(GStrv) argv = g_strsplit(line, " ", -1);
  KslurmCall *call = kslurm_call_new(&program, (const char *const *)argv);
  g_autoptr(GError) error = NULL;

  g_assert_true(kslurm_call_scan(call, &error));
  g_assert_no_error(error);
  return call;
}

static void
test_given(void)
{
  g_autoptr(KslurmCall) call = scan("tool a -v 1 --value=2 b -v3");

  g_assert_true(kslurm_call_get_program(call) == &program);
  g_assert_true(kslurm_call_get_verb(call) == &program);
  g_assert_cmpuint(kslurm_call_count(call, "value"), ==, 3);
  g_assert_cmpstr(kslurm_call_get(call, "value"), ==, "1");
  g_assert_cmpstr(kslurm_call_get_nth(call, "value", 1), ==, "2");
  g_assert_cmpstr(kslurm_call_get_nth(call, "value", 2), ==, "3");
  g_assert_null(kslurm_call_get_nth(call, "value", 3));
  g_assert_cmpstr(kslurm_call_get_typed(call, "value"), ==, "-v 1");
  g_assert_cmpstr(kslurm_call_get_nth(call, "file", 1), ==, "b");
  g_assert_false(kslurm_call_has(call, "quiet"));
  g_assert_null(kslurm_call_get(call, "quiet"));
  g_assert_null(kslurm_call_get_typed(call, "quiet"));
  g_assert_cmpuint(kslurm_call_count(call, "no such row"), ==, 0);
  g_assert_null(kslurm_call_get_rest(call)[0]);
  g_assert_cmpuint(kslurm_call_get_foreign(call)->len, ==, 0);
}

static void
count(gpointer data)
{
  ++*(int *)data;
}

static void
test_data(void)
{
  int freed = 0;
  KslurmCall *call = scan("tool");

  g_assert_null(kslurm_call_get_data(call));
  kslurm_call_set_data(call, &freed, count);
  g_assert_true(kslurm_call_get_data(call) == &freed);
  kslurm_call_free(call);
  g_assert_cmpint(freed, ==, 1);
}

static GString *printed;

static void
keep(const char *text)
{
  g_string_append(printed, text);
}

static void
test_notes(void)
{
  static const struct {
    const char *line, *want;
  } cases[] = {{"tool", "tool: one 1\ntool: %s\n"}, {"tool -q", ""}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmCall) call = scan(cases[i].line);
    GPrintFunc before = g_set_printerr_handler(keep);

    printed = g_string_new(NULL);
    kslurm_call_note(call, "one %d", 1);
    kslurm_call_note(call, "%s", "%s");
    kslurm_call_print_notes(call);
    kslurm_call_print_notes(call);
    g_set_printerr_handler(before);
    g_assert_cmpstr(printed->str, ==, cases[i].want);
    g_string_free(printed, TRUE);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/call/given", test_given);
  g_test_add_func("/call/data", test_data);
  g_test_add_func("/call/notes", test_notes);
  return g_test_run();
}
