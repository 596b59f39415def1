/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-store.h"
#include "unit.h"

static guint reads;

/* an archive of these tests is its facts, or not known */
static KslurmVenvFacts *
read_archive(const char *path, GError **error)
{
  g_autofree char *text = NULL;

  reads++;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  if (g_str_has_suffix(path, ".tar.gz")) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED, "older");
    return NULL;
  }
  return kslurm_venv_facts_from_json(text, -1, error);
}

static void
write_archive(const char *pipdir, const char *file, const char *python)
{
  g_autofree char *name = g_strconcat("venv_archives/", file, NULL);
  g_autofree char *text = g_strdup_printf(
      "{\"version\":1,\"python\":\"%s\",\"machine\":\"m\",\"places\":[\"/p\"],"
      "\"packages\":[\"a==1\",\"b==2\"],\"created\":7}",
      python);

  unit_write(pipdir, name, text);
}

static void
assert_facts(KslurmVenvStore *store, const char *name, const char *python, guint n_reads)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmVenvFacts) facts = kslurm_venv_store_read_facts(store, name, &error);

  g_assert_no_error(error);
  g_assert_cmpstr(facts->python, ==, python);
  g_assert_cmpuint(reads, ==, n_reads);
  reads = 0;
}

static void
test_facts(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, read_archive);
  g_autofree char *json = g_build_filename(pipdir, "venv_archives", "a.json", NULL);
  mode_t umask_before = umask(002);
  struct stat st;

  write_archive(pipdir, "a.tar.zst", "3.11.7");
  assert_facts(store, "a", "3.11.7", 1);
  umask(umask_before);
  g_assert_cmpint(g_stat(json, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0664);
  assert_facts(store, "a", "3.11.7", 0);
  write_archive(pipdir, "a.tar.zst", "3.13.10");
  assert_facts(store, "a", "3.13.10", 1);
  assert_facts(store, "a", "3.13.10", 0);
  unit_write(pipdir, "venv_archives/a.json", "{\"size\": \"\\");
  assert_facts(store, "a", "3.13.10", 1);
  assert_facts(store, "a", "3.13.10", 0);
}

/* whoever shares the folder can put one there */
static void
test_facts_link(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, read_archive);
  g_autofree char *json = g_build_filename(pipdir, "venv_archives", "a.json", NULL);
  g_autofree char *outside = g_build_filename(pipdir, "bashrc", NULL);
  g_autofree char *text = NULL;

  unit_write(pipdir, "bashrc", "mine");
  write_archive(pipdir, "a.tar.zst", "3.11.7");
  g_assert_cmpint(symlink(outside, json), ==, 0);
  assert_facts(store, "a", "3.11.7", 1);
  g_assert_true(g_file_get_contents(outside, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "mine");
  assert_facts(store, "a", "3.11.7", 0);
}

static void
test_facts_time(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autofree char *path = g_build_filename(pipdir, "venv_archives", "a.tar.zst", NULL);
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, read_archive);
  struct utimbuf times = {1000000, 1000000};

  write_archive(pipdir, "a.tar.zst", "3.11.7");
  assert_facts(store, "a", "3.11.7", 1);
  write_archive(pipdir, "a.tar.zst", "3.12.7");
  g_assert_cmpint(utime(path, &times), ==, 0);
  assert_facts(store, "a", "3.12.7", 1);
}

static void
test_facts_unknown(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autoptr(KslurmVenvStore) blind = kslurm_venv_store_new(pipdir, NULL);
  g_autoptr(GError) error = NULL;

  write_archive(pipdir, "a.tar.zst", "3.11.7");
  g_assert_null(kslurm_venv_store_read_facts(blind, "a", &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED);
}

/* who was overtaken by another save keeps quiet */
static void
test_write_facts(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autofree char *path = g_build_filename(pipdir, "venv_archives", "a.tar.zst", NULL);
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, read_archive);
  g_autoptr(KslurmVenvFacts) facts = NULL;

  write_archive(pipdir, "a.tar.zst", "3.11.7");
  facts = read_archive(path, NULL);
  g_free(facts->python);
  facts->python = g_strdup("3.11.8");
  g_assert_true(kslurm_venv_store_write_facts(store, "a", facts, NULL));
  reads = 0;
  assert_facts(store, "a", "3.11.8", 0);
  facts->created++;
  g_free(facts->python);
  facts->python = g_strdup("3.11.9");
  g_assert_true(kslurm_venv_store_write_facts(store, "a", facts, NULL));
  reads = 0;
  assert_facts(store, "a", "3.11.8", 0);
}

static void
assert_list(KslurmVenvStore *store, const char *wanted, guint n_reads)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = kslurm_venv_store_list(store, &error);
  g_autoptr(GString) text = g_string_new(NULL);

  g_assert_no_error(error);
  for (guint i = 0; i < entries->len; i++) {
    const KslurmVenvEntry *entry = entries->pdata[i];
    g_autofree char *base = g_path_get_basename(entry->path);

    g_assert_cmpint(entry->modified, >, 0);
    g_string_append_printf(text, "%s=%s %s %u %d|", entry->name, base,
                           entry->python != NULL ? entry->python : "-", entry->n_packages,
                           (int)entry->created);
  }
  g_assert_cmpstr(text->str, ==, wanted);
  g_assert_cmpuint(reads, ==, n_reads);
  reads = 0;
}

static void
remove_caches(const char *pipdir)
{
  g_autofree char *folder = g_build_filename(pipdir, "venv_archives", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *file = NULL;

  while ((file = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, file, NULL);

    if (g_str_has_suffix(file, ".json"))
      g_assert_cmpint(g_unlink(path), ==, 0);
  }
}

static void
test_list(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, read_archive);

  assert_list(store, "", 0);
  write_archive(pipdir, "b.tar.zst", "3.11.7");
  write_archive(pipdir, "b.tar.gz", "3.1");
  write_archive(pipdir, "a b.tar.zst", "3.12.1");
  write_archive(pipdir, "old.tar.gz", "3.9");
  write_archive(pipdir, "bad\n.tar.gz", "3.9");
  write_archive(pipdir, "bad\xff.tar.gz", "3.9");
  write_archive(pipdir, ".tar.zst", "3.9");
  write_archive(pipdir, "c.tar.zst.partial", "3.9");
  unit_write(pipdir, "venv_archives/folder.tar.zst/", "");
#define LISTED "a b=a b.tar.zst 3.12.1 2 7|b=b.tar.zst 3.11.7 2 7|old=old.tar.gz - 0 0|"
  assert_list(store, LISTED, 3);
  assert_list(store, LISTED, 0);
  remove_caches(pipdir);
  assert_list(store, LISTED, 0);
  write_archive(pipdir, "b.tar.zst", "3.11.10");
  assert_list(
      store, "a b=a b.tar.zst 3.12.1 2 7|b=b.tar.zst 3.11.10 2 7|old=old.tar.gz - 0 0|", 1);
  g_assert_true(kslurm_venv_store_remove(store, "b", NULL));
  assert_list(store, "a b=a b.tar.zst 3.12.1 2 7|old=old.tar.gz - 0 0|", 0);
}

/* who cannot read archives spoils no list of those who can */
static void
test_list_blind(void)
{
  g_autofree char *pipdir = unit_dup_folder();
  g_autoptr(KslurmVenvStore) blind = kslurm_venv_store_new(pipdir, NULL);
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, read_archive);

  write_archive(pipdir, "a.tar.zst", "3.11.7");
  assert_list(blind, "a=a.tar.zst - 0 0|", 0);
  assert_list(store, "a=a.tar.zst 3.11.7 2 7|", 1);
  assert_list(blind, "a=a.tar.zst 3.11.7 2 7|", 0);
}

/* the summary is the user's own file, and may hold anything */
static void
test_list_summary(void)
{
  static const char *const texts[] = {"", "\n\t\n", "1\t2\t3.9\t4\t5\ta.tar.zst\n",
                                      "x\t2\t3.9\t4\t5\ta.tar.zst\n",
                                      "-1\t2\t\033[2J\t4\t5\ta.tar.zst\n\xff"};
  g_autofree char *pipdir = unit_dup_folder();
  g_autofree char *cache = g_build_filename(g_get_user_cache_dir(), "kslurm", NULL);
  g_autoptr(KslurmVenvStore) store = kslurm_venv_store_new(pipdir, read_archive);
  g_autoptr(GDir) folder = NULL;
  const char *file = NULL;

  write_archive(pipdir, "a.tar.zst", "3.11.7");
  assert_list(store, "a=a.tar.zst 3.11.7 2 7|", 1);
  folder = g_dir_open(cache, 0, NULL);
  file = g_dir_read_name(folder);
  g_assert_true(g_str_has_prefix(file, "environments-"));
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    unit_write(cache, file, texts[i]);
    remove_caches(pipdir);
    assert_list(store, "a=a.tar.zst 3.11.7 2 7|", 1);
    assert_list(store, "a=a.tar.zst 3.11.7 2 7|", 0);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-store-facts/read", test_facts);
  g_test_add_func("/venv-store-facts/read-link", test_facts_link);
  g_test_add_func("/venv-store-facts/time", test_facts_time);
  g_test_add_func("/venv-store-facts/unknown", test_facts_unknown);
  g_test_add_func("/venv-store-facts/write", test_write_facts);
  g_test_add_func("/venv-store-facts/list", test_list);
  g_test_add_func("/venv-store-facts/list-blind", test_list_blind);
  g_test_add_func("/venv-store-facts/summary", test_list_summary);
  return g_test_run();
}
