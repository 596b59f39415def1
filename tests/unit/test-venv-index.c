/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-index.h"
#include "unit.h"

static void
assert_names(KslurmVenvIndex *index, const char *wanted)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = kslurm_venv_index_list_names(index, &error);
  g_autofree char *text = names != NULL ? g_strjoinv("|", names) : NULL;

  g_assert_no_error(error);
  g_assert_cmpstr(text, ==, wanted);
}

static char *
make(KslurmVenvIndex *index, const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *prefix = kslurm_venv_index_make_prefix(index, name, &error);

  g_assert_no_error(error);
  g_assert_true(kslurm_venv_index_add(index, name, prefix, &error));
  g_assert_no_error(error);
  return g_steal_pointer(&prefix);
}

static void
test_entries(void)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autofree char *found = NULL;
  g_autoptr(GError) error = NULL;

  assert_names(index, "");
  g_assert_null(kslurm_venv_index_dup_prefix(index, "a", &error));
  g_assert_no_error(error);
  a = make(index, "my env");
  b = make(index, "b");
  assert_names(index, "b|my env");
  found = kslurm_venv_index_dup_prefix(index, "my env", NULL);
  g_assert_cmpstr(found, ==, a);
  g_assert_true(kslurm_venv_index_remove(index, "my env", NULL));
  g_assert_true(kslurm_venv_index_remove(index, "my env", NULL));
  assert_names(index, "b");
  g_assert_true(g_file_test(a, G_FILE_TEST_IS_DIR));
  g_assert_cmpint(g_rmdir(b), ==, 0);
  assert_names(index, "");
  g_assert_null(kslurm_venv_index_get_notice(index));
}

static void
test_rename(void)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);
  g_autofree char *a = make(index, "a");
  g_autofree char *b = make(index, "b");
  g_autofree char *found = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false(kslurm_venv_index_rename(index, "a", "b", &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
                    "an environment 'b' is on this node already");
  g_clear_error(&error);
  g_assert_false(kslurm_venv_index_rename(index, "x", "y", &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                    "no environment 'x' is on this node");
  g_clear_error(&error);
  g_assert_false(kslurm_venv_index_rename(index, "a", "a/b", &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_USAGE);
  g_assert_true(kslurm_venv_index_rename(index, "a", "a", NULL));
  g_assert_true(kslurm_venv_index_rename(index, "a", "c", NULL));
  assert_names(index, "b|c");
  found = kslurm_venv_index_dup_prefix(index, "c", NULL);
  g_assert_cmpstr(found, ==, a);
}

static void
test_prefixes(void)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);
  g_autofree char *first = kslurm_venv_index_make_prefix(index, "my env", NULL);
  g_autofree char *second = kslurm_venv_index_make_prefix(index, "my env", NULL);
  g_autofree char *third = kslurm_venv_index_make_prefix(index, "my env", NULL);
  g_autofree char *absent = g_build_filename(tmp, "absent", NULL);
  g_autoptr(KslurmVenvIndex) lost = kslurm_venv_index_open(absent);
  g_autoptr(GError) error = NULL;
  struct stat st;

  g_assert_true(g_str_has_suffix(first, "/kslurm-venv-my env"));
  g_assert_true(g_str_has_suffix(second, "/kslurm-venv-my env-1"));
  g_assert_true(g_str_has_suffix(third, "/kslurm-venv-my env-2"));
  g_assert_cmpint(g_stat(first, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0700);
  g_assert_null(kslurm_venv_index_make_prefix(index, "../x", &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_USAGE);
  g_clear_error(&error);
  g_assert_null(kslurm_venv_index_make_prefix(lost, "x", &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
assert_left(KslurmVenvIndex *index, const char *wanted)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) left = kslurm_venv_index_list_left(index, &error);

  g_assert_no_error(error);
  g_assert_cmpstr(left[0], ==, wanted);
  g_assert_true(left[0] == NULL || left[1] == NULL);
}

/* what a killed load leaves is found; what another process fills is not */
static void
test_left(void)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autofree char *mark = g_build_filename(tmp, "partial-kslurm-venv-a", NULL);
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);
  g_autoptr(KslurmVenvIndex) filler = kslurm_venv_index_open(tmp);
  g_autofree char *whole = make(index, "whole");
  g_autofree char *prefix = kslurm_venv_index_make_prefix(filler, "a", NULL);
  g_autofree char *again = NULL;

  unit_write(tmp, "other/", "");
  assert_left(index, NULL);
  g_clear_pointer(&filler, kslurm_venv_index_free);
  assert_left(index, prefix);
  unit_write(tmp, "kpy-index.json", "damaged");
  unit_write(prefix, "pyvenv.cfg", "");
  unit_write(prefix, ".kslurm-state", "half\n");
  assert_names(index, "");
  g_assert_true(g_file_test(mark, G_FILE_TEST_EXISTS));
  unit_write(whole, ".kslurm-state", "whole\n");
  g_assert_true(kslurm_venv_index_add(index, "whole", whole, NULL));
  g_assert_true(kslurm_venv_index_add(index, "a", prefix, NULL));
  g_assert_false(g_file_test(mark, G_FILE_TEST_EXISTS));
  assert_left(index, NULL);
}

/* of two who load at once the second must not hide the first one's folder */
static void
test_taken(void)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);
  g_autofree char *first = kslurm_venv_index_make_prefix(index, "a", NULL);
  g_autofree char *second = kslurm_venv_index_make_prefix(index, "a", NULL);
  g_autofree char *found = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true(kslurm_venv_index_add(index, "a", first, &error));
  g_assert_true(kslurm_venv_index_add(index, "a", first, &error));
  g_assert_false(kslurm_venv_index_add(index, "a", second, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
                    "an environment 'a' is on this node already");
  found = kslurm_venv_index_dup_prefix(index, "a", NULL);
  g_assert_cmpstr(found, ==, first);
}

#define PROCESSES 4

static void
test_processes(void)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);
  pid_t children[PROCESSES];
  int go[2];

  g_assert_cmpint(pipe(go), ==, 0);
  for (int i = 0; i < PROCESSES; i++) {
    children[i] = fork();
    if (children[i] == 0) {
      g_autofree char *name = g_strdup_printf("env%d", i);
      char byte = 0;

      close(go[1]);
      while (read(go[0], &byte, 1) > 0)
        ;
      g_free(make(index, name));
      _exit(0);
    }
  }
  close(go[0]);
  close(go[1]);
  for (int i = 0; i < PROCESSES; i++) {
    int status = -1;

    g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
    g_assert_cmpint(status, ==, 0);
  }
  assert_names(index, "env0|env1|env2|env3");
}

static void
assert_mended(const char *text)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autofree char *aside = g_build_filename(tmp, "kpy-index.json.damaged", NULL);
  g_autofree char *notice = g_strdup_printf(
      "the index of environments was damaged; it was made again from the environments that "
      "are there, and the old one was kept as '%s'",
      aside);
  g_autofree char *kept = NULL;
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);
  g_autoptr(KslurmVenvIndex) later = kslurm_venv_index_open(tmp);

  unit_write(tmp, "kpy-index.json", text);
  assert_names(index, "my env");
  g_assert_cmpstr(kslurm_venv_index_get_notice(index), ==, notice);
  g_assert_true(g_file_get_contents(aside, &kept, NULL, NULL));
  g_assert_cmpstr(kept, ==, text);
  assert_names(later, "my env");
  g_assert_null(kslurm_venv_index_get_notice(later));
}

static void
test_damaged(void)
{
  static const char *const texts[] = {
      "", "{", "[]", "{\"a\": 1}", "{\"a\": \"b\"}", "{\"a\\n\": \"/\"}"};
  g_autofree char *tmp = unit_dup_folder();

  unit_write(tmp, "kslurm-venv-x/pyvenv.cfg", "");
  unit_write(tmp, "kslurm-venv-x/.kslurm-state", "my env\n");
  unit_write(tmp, "kslurm-venv-unpacking/.kslurm-state", "half\n");
  unit_write(tmp, "kslurm-venv-unnamed/pyvenv.cfg", "");
  unit_write(tmp, "other/pyvenv.cfg", "");
  unit_write(tmp, "other/.kslurm-state", "other\n");
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    assert_mended(texts[i]);
}

/* as the older kslurm wrote it */
static void
test_older(void)
{
  g_autofree char *tmp = unit_dup_folder();
  g_autofree char *text =
      g_strdup_printf("{\"here\": \"%s\", \"gone\": \"%s/gone\"}", tmp, tmp);
  g_autofree char *path = g_build_filename(tmp, "kpy-index.json", NULL);
  g_autofree char *changed = NULL;
  g_autoptr(KslurmVenvIndex) index = kslurm_venv_index_open(tmp);

  unit_write(tmp, "kpy-index.json", text);
  assert_names(index, "here");
  g_assert_true(kslurm_venv_index_remove(index, "none", NULL));
  g_assert_true(g_file_get_contents(path, &changed, NULL, NULL));
  g_assert_null(strstr(changed, "gone"));
  g_assert_nonnull(strstr(changed, "\"here\""));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-index/entries", test_entries);
  g_test_add_func("/venv-index/rename", test_rename);
  g_test_add_func("/venv-index/prefixes", test_prefixes);
  g_test_add_func("/venv-index/left", test_left);
  g_test_add_func("/venv-index/taken", test_taken);
  g_test_add_func("/venv-index/processes", test_processes);
  g_test_add_func("/venv-index/damaged", test_damaged);
  g_test_add_func("/venv-index/older", test_older);
  return g_test_run();
}
