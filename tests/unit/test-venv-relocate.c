/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-record.h"
#include "base/venv/kslurm-venv-relocate.h"

#define SITE "lib/python3.11/site-packages"

static char *
dup_prefix(void)
{
  /* the test framework makes one for each test, and removes it */
  char *prefix = g_build_filename(g_get_user_cache_dir(), "env", NULL);

  g_assert_cmpint(g_mkdir_with_parents(prefix, 0700), ==, 0);
  return prefix;
}

static char *
write_file(const char *prefix, const char *name, const char *text)
{
  static const struct timespec times[] = {{1000, 1}, {2000, 2}};
  char *path = g_build_filename(prefix, name, NULL);
  g_autofree char *folder = g_path_get_dirname(path);

  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  g_assert_cmpint(chmod(path, 0750), ==, 0);
  g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
  return path;
}

static void
assert_file(const char *path, const char *text)
{
  g_autofree char *data = NULL;

  g_assert_true(g_file_get_contents(path, &data, NULL, NULL));
  g_assert_cmpstr(data, ==, text);
}

static char **
relocate(const char *prefix, const char *const *hits)
{
  static const char *const places[] = {"/old/env", NULL};
  g_autoptr(KslurmRelocation) relocation = kslurm_relocation_new(places, "/new", NULL);
  g_autoptr(GError) error = NULL;
  char **unknown = NULL;

  g_assert_true(kslurm_venv_relocate(prefix, relocation, hits, &unknown, NULL, &error));
  g_assert_no_error(error);
  return unknown;
}

static void
test_files(void)
{
  g_autofree char *prefix = dup_prefix();
  g_autofree char *script = write_file(prefix, "bin/pip", "#!/old/env/bin/python\nx\n");
  g_autofree char *note = write_file(prefix, "share/note", "see /old/env/x");
  g_autofree char *link = g_build_filename(prefix, "link", NULL);
  g_autofree char *target = NULL;
  g_auto(GStrv) unknown = NULL;
  struct stat st;

  g_assert_cmpint(symlink("/old/env/bin", link), ==, 0);
  unknown = relocate(prefix, NULL);
  assert_file(script, "#!/new/bin/python\nx\n");
  assert_file(note, "see /old/env/x");
  g_assert_cmpint(g_strv_length(unknown), ==, 1);
  g_assert_cmpstr(unknown[0], ==, "share/note");
  target = g_file_read_link(link, NULL);
  g_assert_cmpstr(target, ==, "/new/bin");
  g_assert_cmpint(g_stat(script, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 07777, ==, 0750);
  g_assert_cmpint(st.st_mtim.tv_sec, ==, 2000);
  g_assert_cmpint(st.st_mtim.tv_nsec, ==, 2);
}

/* only the named are looked at, and names from anywhere lead nowhere */
static void
test_hits(void)
{
  static const char *const hits[] = {"a.pth", "gone", "gone/too", NULL};
  static const char *const hostile[] = {"../out.pth", "/etc/passwd", "", "a//b.pth",
                                        "outside/out.pth"};
  static const char *const places[] = {"/old/env", NULL};
  g_autoptr(KslurmRelocation) relocation = kslurm_relocation_new(places, "/new", NULL);
  g_autofree char *prefix = dup_prefix();
  g_autofree char *a = write_file(prefix, "a.pth", "/old/env");
  g_autofree char *b = write_file(prefix, "b.pth", "/old/env");
  g_autofree char *out = write_file(g_get_user_cache_dir(), "out.pth", "/old/env");
  g_autofree char *outside = g_build_filename(prefix, "outside", NULL);
  g_auto(GStrv) unknown = relocate(prefix, hits);

  assert_file(a, "/new");
  assert_file(b, "/old/env");
  g_assert_cmpint(symlink("..", outside), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
    const char *names[] = {hostile[i], NULL};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) none = NULL;

    g_assert_false(kslurm_venv_relocate(prefix, relocation, names, &none, NULL, &error));
    g_assert_nonnull(error);
  }
  assert_file(out, "/old/env");
}

static void
test_links(void)
{
  static const char *const hits[] = {"bin/pip", NULL};
  g_autofree char *prefix = dup_prefix();
  g_autofree char *pip = write_file(prefix, "bin/pip", "#!/old/env/bin/python\n");
  g_autofree char *pip3 = g_build_filename(prefix, "bin", "pip3", NULL);
  g_autofree char *other = g_build_filename(prefix, "bin", "x", NULL);
  g_auto(GStrv) unknown = NULL;
  struct stat one;
  struct stat two;

  g_assert_cmpint(link(pip, pip3), ==, 0);
  g_assert_cmpint(link(pip, other), ==, 0);
  unknown = relocate(prefix, hits);
  assert_file(other, "#!/new/bin/python\n");
  g_assert_cmpint(g_stat(pip, &one), ==, 0);
  g_assert_cmpint(g_stat(pip3, &two), ==, 0);
  g_assert_cmpint(one.st_ino, ==, two.st_ino);
  g_assert_cmpint(one.st_nlink, ==, 3);
}

/* root may write anywhere: what this shows then is that the modes stay */
static void
test_read_only(void)
{
  g_autofree char *prefix = dup_prefix();
  g_autofree char *file = write_file(prefix, "lib/a/a.pth", "/old/env");
  g_autofree char *link = g_build_filename(prefix, "lib", "a", "link", NULL);
  g_autofree char *folder = g_path_get_dirname(file);
  g_autofree char *target = NULL;
  g_auto(GStrv) unknown = NULL;
  struct stat st;

  g_assert_cmpint(symlink("/old/env/lib", link), ==, 0);
  g_assert_cmpint(chmod(file, 0444), ==, 0);
  g_assert_cmpint(chmod(folder, 0555), ==, 0);
  unknown = relocate(prefix, NULL);
  assert_file(file, "/new");
  target = g_file_read_link(link, NULL);
  g_assert_cmpstr(target, ==, "/new/lib");
  g_assert_cmpint(g_stat(file, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0444);
  g_assert_cmpint(g_stat(folder, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0555);
  g_assert_cmpint(chmod(folder, 0755), ==, 0);
}

static void
test_compiled(void)
{
  g_autofree char *prefix = dup_prefix();
  g_autofree char *py = write_file(prefix, SITE "/a.py", "M = {'a': '/old/env/src'}\n");
  g_autofree char *pyc =
      write_file(prefix, SITE "/__pycache__/a.cpython-311.pyc", "/old/env");
  g_autofree char *ab =
      write_file(prefix, SITE "/__pycache__/ab.cpython-311.pyc", "/old/env");
  g_autofree char *beside = write_file(prefix, SITE "/a.pyc", "/old/env");
  g_auto(GStrv) unknown = relocate(prefix, NULL);
  struct stat st;

  assert_file(py, "M = {'a': '/new/src'}\n");
  g_assert_false(g_file_test(pyc, G_FILE_TEST_EXISTS));
  g_assert_false(g_file_test(beside, G_FILE_TEST_EXISTS));
  assert_file(ab, "/old/env");
  g_assert_cmpint(g_stat(py, &st), ==, 0);
  g_assert_cmpint(st.st_mtim.tv_sec, >, 2000);
  g_assert_cmpint(g_strv_length(unknown), ==, 0);
}

static void
test_record(void)
{
  static const char script[] = "#!/new/bin/python\n";
  g_autofree char *prefix = dup_prefix();
  g_autofree char *tool = write_file(prefix, "bin/tool", "#!/old/env/bin/python\n");
  g_autofree char *record =
      write_file(prefix, SITE "/a.dist-info/RECORD",
                 "../../../bin/tool,sha256=old,23\r\na.py,sha256=abc,3\r\n");
  g_autoptr(GBytes) bytes = g_bytes_new_static(script, strlen(script));
  g_autofree char *hash = kslurm_venv_record_dup_hash(bytes);
  g_autofree char *wanted = g_strdup_printf(
      "../../../bin/tool,%s,%zu\r\na.py,sha256=abc,3\r\n", hash, strlen(script));
  g_auto(GStrv) unknown = relocate(prefix, NULL);

  assert_file(tool, script);
  assert_file(record, wanted);
}

static void
test_stopped(void)
{
  static const char *const places[] = {"/old/env", NULL};
  g_autoptr(KslurmRelocation) relocation = kslurm_relocation_new(places, "/new", NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autofree char *prefix = dup_prefix();
  g_autofree char *path = write_file(prefix, "a.pth", "/old/env");
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) missing = NULL;
  g_auto(GStrv) unknown = NULL;

  g_cancellable_cancel(cancellable);
  g_assert_false(
      kslurm_venv_relocate(prefix, relocation, NULL, &unknown, cancellable, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_file(path, "/old/env");
  g_assert_false(kslurm_venv_relocate(path, relocation, NULL, &unknown, NULL, &missing));
  g_assert_nonnull(strstr(missing->message, path));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-relocate/files", test_files);
  g_test_add_func("/venv-relocate/hits", test_hits);
  g_test_add_func("/venv-relocate/links", test_links);
  g_test_add_func("/venv-relocate/read-only", test_read_only);
  g_test_add_func("/venv-relocate/compiled", test_compiled);
  g_test_add_func("/venv-relocate/record", test_record);
  g_test_add_func("/venv-relocate/stopped", test_stopped);
  return g_test_run();
}
