/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-spec.h"

#include <glib/gstdio.h>

#include "base/util/kslurm-dirs.h"
#include "unit.h"

static KslurmSandboxSpec *
new_spec(const char *dir)
{
  g_autoptr(GError) error = NULL;
  KslurmSandboxSpec *spec = kslurm_sandbox_spec_new(dir, &error);

  g_assert_no_error(error);
  return spec;
}

static void
test_folder(void)
{
  g_autofree char *runtime = kslurm_dirs_dup_runtime();
  g_autofree char *usual = g_build_filename(runtime, "sandbox", NULL);
  g_autofree char *longest = unit_repeat("/1234567", 10); /* 80 */
  const struct {
    const char *dir, *want;
  } cases[] = {{NULL, usual},
               {"/tmp/a/../b/./c/", "/tmp/b/c"},
               {"/A-z_0.9+@", "/A-z_0.9+@"},
               {longest, longest},
               {"/", "/"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmSandboxSpec) spec = new_spec(cases[i].dir);

    g_assert_cmpstr(spec->dir, ==, cases[i].want);
  }
}

#define LONG(dir)                                                                          \
  "the folder '" dir "' is too long a path for sockets; give a shorter '--dir'"
#define WRONG(dir)                                                                         \
  "the folder '" dir "' has a character that slurm.conf cannot hold; give another '--dir'"
#define TEN "/123456789"

static void
test_wrong_folder(void)
{
  static const char *const cases[][2] = {
      {"/a b", WRONG("/a b")},
      {"/a#b", WRONG("/a#b")},
      {"/a\nb", WRONG("/a\nb")},
      {"/été", WRONG("/été")},
      {"/\xff", WRONG("/\xff")},
      {"/a=b", WRONG("/a=b")},
      {TEN TEN TEN TEN TEN TEN TEN TEN "1", LONG(TEN TEN TEN TEN TEN TEN TEN TEN "1")}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_sandbox_spec_new(cases[i][0], &error));
    unit_assert_usage(error, cases[i][1]);
  }
}

static void
test_options(void)
{
  g_autoptr(KslurmSandboxSpec) spec = new_spec("/tmp/s");
  g_autofree char *plain = kslurm_sandbox_spec_to_options(spec);
  g_autofree char *full = NULL;
  g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, "run/x");

  g_assert_cmpstr(path, ==, "/tmp/s/run/x");
  g_assert_cmpstr(plain, ==,
                  "--nodes 2 --cpus 8 --mem 32000M --gpus 2 --message-timeout 10");
  spec->accounting = TRUE;
  spec->tmpdir = FALSE;
  spec->megabytes = G_MAXUINT64;
  full = kslurm_sandbox_spec_to_options(spec);
  g_assert_cmpstr(full, ==,
                  "--nodes 2 --cpus 8 --mem 18446744073709551615M --gpus 2 "
                  "--message-timeout 10 --accounting --no-tmpdir");
}

static void
test_daemons(void)
{
  static const struct {
    guint nodes;
    gboolean accounting;
    const char *names;
  } cases[] = {{1, FALSE, "munged slurmctld node1"},
               {3, TRUE, "munged mariadbd slurmdbd slurmctld node1 node2 node3"},
               {0, FALSE, "munged slurmctld"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmSandboxSpec) spec = new_spec("/tmp/s");
    g_autoptr(GPtrArray) names = NULL;
    g_autofree char *text = NULL;

    spec->nodes = cases[i].nodes;
    spec->accounting = cases[i].accounting;
    names = kslurm_sandbox_spec_dup_daemons(spec);
    g_ptr_array_add(names, NULL);
    text = g_strjoinv(" ", (char **)names->pdata);
    g_assert_cmpstr(text, ==, cases[i].names);
  }
}

static void
test_saved(void)
{
  g_autofree char *dir = g_dir_make_tmp("ksXXXXXX", NULL);
  g_autoptr(KslurmSandboxSpec) spec = new_spec(dir);
  g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, "sandbox.conf");
  g_autofree char *message = g_strdup_printf("'%s' is no sandbox: ", dir);
  g_autoptr(KslurmSandboxSpec) read = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *wrote = NULL;
  g_autofree char *got = NULL;

  g_assert_null(kslurm_sandbox_spec_load(dir, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true(g_str_has_prefix(error->message, message));
  g_clear_error(&error);
  spec->nodes = 5;
  spec->gpus = 0;
  spec->megabytes = G_GUINT64_CONSTANT(5000000000);
  spec->accounting = TRUE;
  spec->tmpdir = FALSE;
  spec->owner = 77;
  g_assert_true(kslurm_sandbox_spec_save(spec, &error));
  read = kslurm_sandbox_spec_load(dir, &error);
  g_assert_no_error(error);
  wrote = kslurm_sandbox_spec_to_options(spec);
  got = kslurm_sandbox_spec_to_options(read);
  g_assert_cmpstr(got, ==, wrote);
  g_assert_cmpint(read->owner, ==, 77);
  g_unlink(path);
  g_rmdir(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sandbox/spec/folder", test_folder);
  g_test_add_func("/sandbox/spec/wrong-folder", test_wrong_folder);
  g_test_add_func("/sandbox/spec/options", test_options);
  g_test_add_func("/sandbox/spec/daemons", test_daemons);
  g_test_add_func("/sandbox/spec/saved", test_saved);
  return g_test_run();
}
