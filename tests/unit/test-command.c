/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-command.h"

#include "unit.h"

#define UNSET(name) "\"${" name ":?is not set on this node}\""

static const struct {
  const char *words; /* parted by bars */
  const char *venv, *vector, *line;
  const char *init;
} commands[] = {
    {"echo|a b", NULL, "echo|a b", "exec echo 'a b'"},
    {"echo hi > f", NULL, "bash|-c|echo hi > f", "exec bash -c 'echo hi > f'"},
    {"echo", NULL, "bash|-c|echo", "exec bash -c echo"},
    {"python|x.py", "my env", "kpy|exec|my env|--|python|x.py",
     "exec kpy exec 'my env' -- python x.py"},
    {"echo hi", "e", "kpy|exec|e|--|bash|-c|echo hi",
     "exec kpy exec e -- bash -c 'echo hi'"},
    {"cp|x|$SLURM_TMPDIR/y z", NULL, "bash|-c|exec cp x " UNSET("SLURM_TMPDIR") "'/y z'",
     "exec cp x " UNSET("SLURM_TMPDIR") "'/y z'"},
    {"cp|${TMPDIR}$TMPDIR", NULL, "bash|-c|exec cp " UNSET("TMPDIR") UNSET("TMPDIR"),
     "exec cp " UNSET("TMPDIR") UNSET("TMPDIR")},
    {"a|$SLURM_X`b`$(c)", "e", "bash|-c|exec kpy exec e -- a " UNSET("SLURM_X") "'`b`$(c)'",
     "exec kpy exec e -- a " UNSET("SLURM_X") "'`b`$(c)'"},
    {"a|$TMPDIRX|$HOME|$SLURM_|${TMPDIR|${SLURM_X:-y}|$|TMPDIR", NULL,
     "a|$TMPDIRX|$HOME|$SLURM_|${TMPDIR|${SLURM_X:-y}|$|TMPDIR",
     "exec a '$TMPDIRX' '$HOME' '$SLURM_' '${TMPDIR' '${SLURM_X:-y}' '$' TMPDIR"},
    {"bash|-lc|echo $SLURM_X", NULL, "bash|-lc|echo $SLURM_X",
     "exec bash -lc 'echo $SLURM_X'"},
    {"/usr/bin/python3.11|-c|$TMPDIR", NULL, "/usr/bin/python3.11|-c|$TMPDIR",
     "exec /usr/bin/python3.11 -c '$TMPDIR'"},
    {"tar|-c|$TMPDIR", NULL, "bash|-c|exec tar -c " UNSET("TMPDIR"),
     "exec tar -c " UNSET("TMPDIR")},
    {"echo hi", "e", "kpy|exec|e|--|bash|-c|[ ! -r '/a b' ] || . '/a b'; echo hi",
     "exec kpy exec e -- bash -c '[ ! -r '\\''/a b'\\'' ] || . '\\''/a b'\\''; echo hi'",
     "/a b"},
    {"a|b", NULL, "a|b", "exec a b", "/init"},
    {"a|", NULL, "a|", "exec a ''"},
    {"a|\xff'\n", NULL, "a|\xff'\n", "exec a '\xff'\\''\n'"}};

static void
test_vector(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
    g_auto(GStrv) words = g_strsplit(commands[i].words, "|", -1);
    const char *const before[] = {"kpy", "exec", commands[i].venv, "--", NULL};
    const char *const *in = commands[i].venv != NULL ? before : NULL;
    g_auto(GStrv) vector =
        kslurm_command_dup_vector((const char *const *)words, in, commands[i].init);
    g_autofree char *line =
        kslurm_command_to_line((const char *const *)words, in, commands[i].init);
    g_autofree char *joined = g_strjoinv("|", vector);

    g_assert_cmpstr(joined, ==, commands[i].vector);
    g_assert_cmpstr(line, ==, commands[i].line);
  }
}

static void
test_long(void)
{
  g_autofree char *word = unit_repeat("$TMPDIR/", 10000);
  g_autofree char *expanded = unit_repeat(UNSET("TMPDIR") "/", 10000);
  g_autofree char *want = g_strconcat("exec a ", expanded, NULL);
  const char *const words[] = {"a", word, NULL};
  g_autofree char *line = kslurm_command_to_line(words, NULL, "/init");

  g_assert_true(g_str_equal(line, want));
}

static void
test_name(void)
{
  static const struct {
    const char *words, *name;
  } cases[] = {{"/usr/bin/python3|x.py", "python3"},
               {"  python x.py; ls", "python"},
               {"./run.sh|a", "run.sh"},
               {"make|", "make"},
               {"", "kslurm"},
               {"|a", "kslurm"},
               {"(cd x; y)", "kslurm"},
               {"a>b", "a"},
               {"-x|y", "kslurm"},
               {"../..|y", "kslurm"},
               {"a b|c", "a_b"},
               {"été|c", "__t__"},
               {"a\xff\nb|c", "a__b"},
               {"$(x)|c", "__x_"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(GStrv) words = g_strsplit(cases[i].words, "|", -1);
    g_autofree char *name = kslurm_command_dup_name((const char *const *)words);

    g_assert_cmpstr(name, ==, cases[i].name);
  }
}

static void
test_shell_word(void)
{
  static const struct {
    const char *words, *found;
  } cases[] = {{"a!>!b", ">"},
               {"a!2>&1", "2>&1"},
               {"a!b!&&!c", "&&"},
               {"a!|!b", "|"},
               {"a!*.txt", "*.txt"},
               {"a!x?.txt", "x?.txt"},
               {"a!x$(date)", "x$(date)"},
               {"a > b", NULL},
               {"a!b > c", NULL},
               {"awk!{print $1 * 2}", NULL},
               {"bash!-c!*.txt", NULL},
               {"a!>b", NULL},
               {"a!", NULL},
               {"", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(GStrv) words = g_strsplit(cases[i].words, "!", -1);

    g_assert_cmpstr(kslurm_command_find_shell_word((const char *const *)words), ==,
                    cases[i].found);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/command/vector", test_vector);
  g_test_add_func("/command/long", test_long);
  g_test_add_func("/command/name", test_name);
  g_test_add_func("/command/shell-word", test_shell_word);
  return g_test_run();
}
