/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-output.h"

#include "base/args/kslurm-call-private.h"
#include "unit.h"

static int
run(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  return 0;
}

static const KslurmArg *const args[] = {kslurm_args_shell, NULL};
static const KslurmVerb program = {.name = "program", .args = args, .run = run};

typedef struct {
  const char *shell;
  const char *text;
} Case;

static void
print(gpointer data)
{
  const Case *c = data;
  const char *const argv[] = {"program", c->shell != NULL ? "--shell" : NULL, c->shell,
                              NULL};
  g_autoptr(KslurmCall) call = kslurm_call_new(&program, argv);

  g_assert_true(kslurm_call_scan(call, NULL));
  kslurm_output_print(call, c->text);
  kslurm_output_print_code(call, (const char *const[]){"do", c->text, NULL});
}

static void
test_forms(void)
{
  static const struct {
    Case input;
    const char *output;
  } cases[] = {
      {{NULL, "it's\n"}, "it's\n"},
      {{"bash", "$(x) 'y'"}, "printf %s '$(x) '\\''y'\\'''\ndo '$(x) '\\''y'\\'''\n"},
      {{"zsh", "a b"}, "printf %s 'a b'\ndo 'a b'\n"},
      {{"fish", "a\\'b"}, "printf %s 'a\\\\\\'b'\ndo 'a\\\\\\'b'\n"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *output = unit_capture(print, (gpointer)&cases[i].input);

    g_assert_cmpstr(output, ==, cases[i].output);
  }
}

static void
test_other_shell(void)
{
  const char *const argv[] = {"program", "--shell", "csh", NULL};
  g_autoptr(KslurmCall) call = kslurm_call_new(&program, argv);
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_call_scan(call, &error));
  g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/output/forms", test_forms);
  g_test_add_func("/output/other-shell", test_other_shell);
  return g_test_run();
}
