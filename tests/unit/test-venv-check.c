/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-check.h"
#include "unit.h"

/* gives an environment whose Python is @target */
static char *
make_environment(const char *version, const char *target)
{
  char *prefix = unit_dup_folder();
  g_autofree char *python = g_build_filename(prefix, "bin", "python", NULL);
  g_autofree char *text = g_strdup_printf("home = /usr/bin\nversion = %s\n", version);

  unit_write(prefix, "pyvenv.cfg", text);
  unit_write(prefix, "bin/", "");
  unlink(python);
  g_assert_cmpint(symlink(target, python), ==, 0);
  return prefix;
}

static void
assert_refused(const char *prefix,
               const KslurmVenvFacts *facts,
               int code,
               const char *words)
{
  g_auto(GStrv) parts = g_strsplit(words, "|", -1);
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_venv_check_python(prefix, facts, &error));
  g_assert_error(error, KSLURM_ERROR, code);
  for (gsize i = 0; parts[i] != NULL; i++)
    if (strstr(error->message, parts[i]) == NULL)
      g_error("'%s' is not in: %s", parts[i], error->message);
}

static char *
dup_version(const char *python)
{
  g_autofree char *line =
      g_strdup_printf("%s -c 'import sys; print(sys.version.split()[0])'", python);
  char *version = NULL;

  g_assert_true(g_spawn_command_line_sync(line, &version, NULL, NULL, NULL));
  return g_strchomp(version);
}

static void
test_runs(void)
{
  g_autofree char *python = g_find_program_in_path("/usr/bin/python3");
  g_autofree char *version = python != NULL ? dup_version(python) : NULL;
  g_autofree char *good = NULL;
  g_autofree char *other = NULL;
  g_autoptr(GError) error = NULL;

  if (python == NULL) {
    g_test_skip("there is no Python");
    return;
  }
  good = make_environment(version, python);
  g_assert_true(kslurm_venv_check_python(good, NULL, &error));
  g_assert_no_error(error);
  other = make_environment("3.1.4", python);
  assert_refused(other, NULL, KSLURM_ERROR_UNSUPPORTED, "Python 3.1,|kpy create 3.1'");
}

static void
test_missing(void)
{
  g_autofree char *prefix = make_environment("3.11.7", "/gone/bin/python3.11");
  g_autofree char *python = g_build_filename(prefix, "bin", "python", NULL);
  KslurmVenvFacts facts = {.python = (char *)"3.12", .base = (char *)"/opt/python3.12"};

  assert_refused(prefix, NULL, KSLURM_ERROR_NOT_FOUND,
                 "Python 3.11 at '/gone/bin/python3.11'|kpy create 3.11'");
  g_assert_cmpint(unlink(python), ==, 0);
  assert_refused(prefix, &facts, KSLURM_ERROR_NOT_FOUND,
                 "Python 3.12 at '/opt/python3.12'");
}

static void
test_broken(void)
{
  g_autofree char *prefix = make_environment("3.11.7", "/bin/false");

  assert_refused(prefix, NULL, KSLURM_ERROR_PROGRAM, "does not run");
}

static void
test_machine(void)
{
  g_autofree char *prefix = make_environment("3.11.7", "/bin/false");
  KslurmVenvFacts facts = {.python = (char *)"3.11.7", .machine = (char *)"pdp11"};

  assert_refused(prefix, &facts, KSLURM_ERROR_UNSUPPORTED, "for pdp11");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-check/runs", test_runs);
  g_test_add_func("/venv-check/missing", test_missing);
  g_test_add_func("/venv-check/broken", test_broken);
  g_test_add_func("/venv-check/machine", test_machine);
  return g_test_run();
}
