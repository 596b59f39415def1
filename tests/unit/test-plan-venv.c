/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/request/kslurm-plan.h"
#include "base/util/kslurm-process.h"
#include "base/util/kslurm-tree.h"

#define ROUNDS 100

static char *folder;

static gboolean
is_never(const char *path, gpointer data)
{
  return FALSE;
}

static KslurmPlan *
make_plan(const char *const *argv, const char *const *environ, GBytes *script)
{
  KslurmRequestKind kind =
      g_str_equal(argv[0], "kbatch") ? KSLURM_REQUEST_BATCH : KSLURM_REQUEST_RUN;
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmRequest) request =
      kslurm_request_parse(kind, argv, "/w", config, is_never, NULL, &error);
  KslurmPlan *plan = NULL;

  g_assert_no_error(error);
  plan = kslurm_plan_new(request, config, environ, FALSE, script, &error);
  g_assert_no_error(error);
  return plan;
}

static char *
dup_input(KslurmPlan *plan)
{
  GBytes *input = kslurm_plan_get_input(plan);

  return g_strndup(g_bytes_get_data(input, NULL), g_bytes_get_size(input));
}

#define SPREAD(exec, name)                                                                 \
  "if [ \"${SLURM_JOB_NUM_NODES:-1}\" -gt 1 ]; then\n"                                     \
  "    srun --ntasks-per-node=1 --nodes=\"$SLURM_JOB_NUM_NODES\" "                         \
  "--ntasks=\"$SLURM_JOB_NUM_NODES\" --cpu-bind=none --export=ALL " exec " true "          \
  "</dev/null || {\n"                                                                      \
  "        printf '%s\\n' 'kbatch: the environment '\\''" name                             \
  "'\\'' is not ready on every node, so the job ends here' >&2\n"                          \
  "        exit 1\n"                                                                       \
  "    }\n"                                                                                \
  "fi\n"

static void
test_command(void)
{
  static const char *const environ[] = {"KSLURM_KPY=/o p/kpy", "KSLURM_INIT=/i", "A=b",
                                        NULL};
  static const char *const several[] = {"kbatch", "--venv", "my e", "a", "b c", NULL};
  static const char *const line[] = {"kbatch", "--venv", "e", "a; b", NULL};
  g_autoptr(KslurmPlan) plan = make_plan(several, environ, NULL);
  g_autoptr(KslurmPlan) line_plan = make_plan(line, environ, NULL);
  g_autofree char *text = dup_input(plan);
  g_autofree char *line_text = dup_input(line_plan);
  g_auto(GStrv) left = kslurm_plan_dup_environ(plan);

  g_assert_cmpstr(
      text, ==,
      "#!/bin/bash\n" SPREAD("'/o p/kpy' exec 'my e' --",
                             "my e") "exec '/o p/kpy' exec 'my e' -- a 'b c'\n");
  g_assert_cmpstr(
      line_text, ==,
      "#!/bin/bash\n" SPREAD(
          "'/o p/kpy' exec e --",
          "e") "exec '/o p/kpy' exec e -- bash -c '[ ! -r /i ] || . /i; a; b'\n");
  g_assert_cmpint(g_strv_length(left), ==, 1);
  g_assert_cmpstr(left[0], ==, "A=b");
}

static void
test_run(void)
{
  static const char *const environ[] = {"KSLURM_KPY=/o/kpy", "SHELL=/bin/zsh", NULL};
  static const char *const command[] = {"krun", "--venv", "e", "nodes:2", "a", "b", NULL};
  static const char *const shell[] = {"krun", "--venv", "e", NULL};
  g_autoptr(KslurmPlan) plan = make_plan(command, environ, NULL);
  g_autoptr(KslurmPlan) shell_plan = make_plan(shell, environ, NULL);
  g_autofree char *text = kslurm_plan_to_line(plan);
  g_autofree char *shell_text = kslurm_plan_to_line(shell_plan);

  g_assert_true(g_str_has_suffix(text, " /o/kpy exec e -- a b"));
  g_assert_true(g_str_has_suffix(
      shell_text, " srun --interactive --preserve-env /o/kpy exec e -- /bin/zsh"));
}

static void
test_shell(void)
{
  static const struct {
    const char *shell, *zdotdir, *end;
  } cases[] = {
      {"SHELL=/bin/bash", NULL, "/bin/bash --rcfile '/r c/krun.bash'"},
      {"SHELL=/bin/zsh", NULL, "env 'ZDOTDIR=/r c' '__kslurm_zdotdir=' /bin/zsh"},
      {"SHELL=/bin/zsh", "ZDOTDIR=/z", "env 'ZDOTDIR=/r c' '__kslurm_zdotdir=/z' /bin/zsh"},
      {"SHELL=/usr/bin/fish", NULL, "/usr/bin/fish -C 'source '\\''/r c/krun.fish'\\'''"},
      {"SHELL=/bin/tcsh", NULL, "--preserve-env /bin/tcsh"},
      {"A=b", NULL, "/bin/bash --rcfile '/r c/krun.bash'"},
  };
  static const char *const argv[] = {"krun", NULL};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *const environ[] = {"KSLURM_RC=/r c", cases[i].shell, cases[i].zdotdir,
                                   NULL};
    g_autoptr(KslurmPlan) plan = make_plan(argv, environ, NULL);
    g_autofree char *line = kslurm_plan_to_line(plan);

    g_test_message("%s", line);
    g_assert_true(g_str_has_suffix(line, cases[i].end));
  }
}

/* directives move along, words win over them, the script is not given to sbatch by name */
static void
test_script(void)
{
  static const char *const environ[] = {"A=b", NULL};
  static const char *const argv[] = {"kbatch", "2G", "--venv", "e",
                                     "d/j.sh", "a",  "b c",    NULL};
  static const char script[] = "#!/usr/bin/env python3\n#SBATCH -c2\n#SBATCH --mem=1G "
                               "--exclusive\n#SBATCH --mem-per-cpu=1G\nKSLURM_SCRIPT\n";
  g_autoptr(GBytes) bytes = g_bytes_new_static(script, strlen(script));
  g_autoptr(KslurmPlan) plan = make_plan(argv, environ, bytes);
  g_autofree char *text = dup_input(plan);
  g_autofree char *line = kslurm_plan_to_line(plan);

  g_assert_cmpstr(line, ==,
                  "sbatch --parsable --time=03:00:00 --mem=2000M --job-name=j.sh");
  g_assert_true(g_str_has_prefix(
      text, "#!/bin/bash\n#SBATCH -c2\n#SBATCH --mem=1G --exclusive\nif [ "));
  g_assert_nonnull(strstr(text, "exec /usr/bin/env python3 \"$script\" \"$@\"' kslurm "
                                "\"$0\" j.sh a 'b c'\nKSLURM_SCRIPT\n#!/usr/bin/env "));
  g_assert_true(g_str_has_suffix(text, script));
}

/* what the wrapper runs on the node, with one that only sets the variable in kpy's place */
static GBytes *
run_wrapped(const char *const *argv, GBytes *script)
{
  g_autofree char *kpy = g_build_filename(folder, "kpy", NULL);
  g_autofree char *file = g_build_filename(folder, "slurm_script", NULL);
  g_autofree char *variable = g_strconcat("KSLURM_KPY=", kpy, NULL);
  const char *const environ[] = {variable, NULL};
  g_autoptr(KslurmPlan) plan = make_plan(argv, environ, script);
  GBytes *input = kslurm_plan_get_input(plan);
  const char *const job[] = {"bash", file, NULL};
  const KslurmProcessSpec spec = {.argv = job};
  g_autoptr(KslurmProcessResult) result = NULL;
  g_autofree char *code = g_strdup_printf(
      "#!/bin/sh\nshift 3\nexport VIRTUAL_ENV='%s/venv'\nexec \"$@\"\n", folder);
  g_autofree char *copied = g_build_filename(folder, "copied", NULL);
  char *content = NULL;
  gsize length = 0;

  g_assert_true(
      g_file_set_contents_full(kpy, code, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_assert_true(g_file_set_contents(file, g_bytes_get_data(input, NULL),
                                    (gssize)g_bytes_get_size(input), NULL));
  result = kslurm_process_run(&spec, NULL, NULL);
  g_assert_nonnull(result);
  g_assert_cmpstr(result->errors, ==, "");
  g_assert_cmpint(result->status, ==, 0);
  g_assert_true(g_file_get_contents(copied, &content, &length, NULL));
  return g_bytes_new_take(content, length);
}

/* the script's interpreter copies it, and notes its name */
static GBytes *
make_script(GRand *rand)
{
  static const char *const odd[] = {"\r\n", "KSLURM_SCRIPT\n", "'", "\n", "\\", "$x"};
  g_autofree char *copy = g_build_filename(folder, "copy", NULL);
  GString *text = g_string_new(NULL);
  int length = g_rand_int_range(rand, 0, 400);

  g_string_printf(text, "#!%s  -x\n", copy);
  for (int i = 0; i < length; i++) {
    if (g_rand_int_range(rand, 0, 20) == 0)
      g_string_append(text, odd[g_rand_int_range(rand, 0, G_N_ELEMENTS(odd))]);
    else
      g_string_append_c(text, (char)g_rand_int_range(rand, i % 3 == 0 ? 0 : 1, 256));
  }
  return g_string_free_to_bytes(text);
}

static void
test_bytes(void)
{
  static const char *const argv[] = {"kbatch",          "--venv", "e", "it's a.sh",
                                     "KSLURM_SCRIPT\n", "b c",    NULL};
  g_autofree char *copy = g_build_filename(folder, "copy", NULL);
  g_autofree char *code = g_strdup_printf(
      "#!/bin/sh\n[ \"$1,${2##*/},$4,$#\" = \"-x,it's a.sh,b c,4\" ] || exit 9\n"
      "cp \"$2\" '%s/copied'\n",
      folder);
  g_autoptr(GRand) rand = g_rand_new_with_seed(20260101);

  g_assert_true(
      g_file_set_contents_full(copy, code, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  for (int i = 0; i < ROUNDS; i++) {
    g_autoptr(GBytes) script = make_script(rand);
    g_autoptr(GBytes) copied = run_wrapped(argv, script);

    g_assert_true(g_bytes_equal(script, copied));
  }
}

static void
test_warning(void)
{
  static const struct {
    const char *environ, *words;
    gboolean warns;
  } cases[] = {
      {"VIRTUAL_ENV=/tmp/e", "krun a b", TRUE},
      {"VIRTUAL_ENV=/tmp/e", "kbatch a b", TRUE},
      {"VIRTUAL_ENV=/tmp/e", "krun --venv e a b", FALSE},
      {"VIRTUAL_ENV=/tmpe/e", "krun a b", FALSE},
      {"VIRTUAL_ENV=/home/e", "krun a b", FALSE},
      {"VIRTUAL_ENV=/var/t/e TMPDIR=/var/t", "krun a b", TRUE},
      {"VIRTUAL_ENV=/local/7/e SLURM_TMPDIR=/local/7", "krun a b", TRUE},
      {"VIRTUAL_ENV=/tmp/e SLURM_JOB_ID=7", "krun a b", TRUE},
      {"VIRTUAL_ENV=/tmp/e SLURM_JOB_ID=7 SLURMD_NODENAME=n", "krun a b", FALSE},
      {"VIRTUAL_ENV=/tmp/e SLURM_JOB_ID=7 SLURMD_NODENAME=n", "kbatch a b", TRUE},
      {"VIRTUAL_ENV=", "krun a b", FALSE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(GStrv) argv = g_strsplit(cases[i].words, " ", -1);
    g_auto(GStrv) environ = g_strsplit(cases[i].environ, " ", -1);
    g_autoptr(KslurmPlan) plan =
        make_plan((const char *const *)argv, (const char *const *)environ, NULL);
    const char *note = kslurm_plan_get_notes(plan)[0];

    g_test_message("%s %s", cases[i].environ, cases[i].words);
    g_assert_cmpint(note != NULL, ==, cases[i].warns);
    g_assert_true(note == NULL || strstr(note, "give '--venv NAME'") != NULL);
  }
}

int
main(int argc, char **argv)
{
  int status = 0;

  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  folder = g_dir_make_tmp("kslurm-plan-venv-XXXXXX", NULL);
  g_test_add_func("/plan-venv/command", test_command);
  g_test_add_func("/plan-venv/run", test_run);
  g_test_add_func("/plan-venv/shell", test_shell);
  g_test_add_func("/plan-venv/script", test_script);
  g_test_add_func("/plan-venv/bytes", test_bytes);
  g_test_add_func("/plan-venv/warning", test_warning);
  status = g_test_run();
  g_assert_true(kslurm_tree_remove(folder, NULL));
  g_free(folder);
  return status;
}
