/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-list.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#define ONE "1111111111111111111111111111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222222222222222222222222222"
#define THREE "3333333333333333333333333333333333333333333333333333333333333333"
#define LONG_AGO 1000000000

static void
age(KslurmImageStore *store, const char *name, gint64 seconds)
{
  const struct timespec times[] = {{.tv_sec = seconds}, {.tv_sec = LONG_AGO}};
  g_autofree char *path = kslurm_image_store_dup_path(store, name);

  g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
}

static void
put(KslurmImageStore *store, const char *text, const char *platform, const char *digest)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(text, NULL);

  g_assert_true(kslurm_image_store_link(store, reference, platform, digest, text, NULL));
}

/* ONE has names, TWO was used now, THREE long ago */
static KslurmImageStore *
make_store(void)
{
  g_autofree char *folder = unit_dup_folder();
  KslurmImageStore *store = kslurm_image_store_new(folder);
  const char *root = kslurm_image_store_get_path(store);

  g_assert_true(kslurm_image_store_prepare(store, NULL));
  unit_write(root, "images/" ONE ".sif", "one");
  unit_write(root, "images/" TWO ".sif", "two!");
  unit_write(root, "images/" THREE ".sif", "three");
  unit_write(root, "images/notes.txt", "of a user");
  age(store, "images/" ONE ".sif", LONG_AGO);
  age(store, "images/" TWO ".sif", g_get_real_time() / G_USEC_PER_SEC);
  age(store, "images/" THREE ".sif", LONG_AGO);
  put(store, "b:1", NULL, ONE);
  put(store, "ghcr.io/a:1", NULL, ONE);
  put(store, "b:1", "arm64", ONE);
  return store;
}

static void
assert_list(KslurmImageStore *store, const char *wanted)
{
  g_autoptr(GPtrArray) images = kslurm_image_store_list(store);
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < images->len; i++) {
    const KslurmStoredImage *image = images->pdata[i];

    g_string_append_printf(text, "%s %s %.8s %" G_GUINT64_FORMAT "\n",
                           image->uri != NULL ? image->uri : "-",
                           image->platform != NULL ? image->platform : "-",
                           image->digest != NULL ? image->digest + 7 : "-", image->size);
  }
  g_assert_cmpstr(text->str, ==, wanted);
}

static void
test_list(void)
{
  g_autoptr(KslurmImageStore) store = make_store();
  const char *root = kslurm_image_store_get_path(store);
  g_autofree char *lost = kslurm_image_store_dup_path(store, "uris/docker/o/lost.sif");

  unit_write(root, "uris/docker/O/x/1.sif", "by hand");
  unit_write(root, "uris/docker/o/", "");
  g_assert_cmpint(symlink("../../../images/" ONE "0.sif", lost), ==, 0);
  assert_list(store, "docker://b:1 - 11111111 3\n"
                     "docker://b:1 arm64 11111111 3\n"
                     "docker://ghcr.io/a:1 - 11111111 3\n"
                     "uris/docker/O/x/1.sif - - 7\n"
                     "uris/docker/o/lost.sif - - 0\n"
                     "- - 22222222 4\n"
                     "- - 33333333 5\n");
}

static void
test_empty(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autoptr(KslurmImageStore) store = kslurm_image_store_new(folder);
  g_autoptr(KslurmPurge) purge = kslurm_image_store_purge_images(store, NULL, TRUE, FALSE);

  assert_list(store, "");
  g_assert_cmpuint(purge->removed->len + purge->spared->len + purge->failed->len, ==, 0);
}

static void
test_purge(void)
{
  g_autoptr(KslurmImageStore) store = make_store();
  g_autofree char *link = kslurm_image_store_dup_path(store, "snakemake/x.simg");
  g_autoptr(KslurmPurge) dry = kslurm_image_store_purge_images(store, NULL, FALSE, TRUE);
  g_autoptr(KslurmPurge) purge = NULL;
  g_autoptr(KslurmPurge) all = NULL;

  g_assert_cmpint(symlink("../images/" THREE ".sif", link), ==, 0);
  g_assert_cmpuint(dry->removed->len, ==, 1);
  purge = kslurm_image_store_purge_images(store, NULL, FALSE, FALSE);
  g_assert_cmpuint(purge->removed->len, ==, 1);
  g_assert_cmpstr(((KslurmStoredImage *)purge->removed->pdata[0])->digest, ==,
                  "sha256:" THREE);
  g_assert_cmpuint(purge->spared->len, ==, 1);
  g_assert_cmpstr(((KslurmStoredImage *)purge->spared->pdata[0])->digest, ==,
                  "sha256:" TWO);
  g_assert_false(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
  all = kslurm_image_store_purge_images(store, NULL, TRUE, FALSE);
  g_assert_cmpuint(all->removed->len, ==, 1);
  assert_list(store, "docker://b:1 - 11111111 3\n"
                     "docker://b:1 arm64 11111111 3\n"
                     "docker://ghcr.io/a:1 - 11111111 3\n");
}

/* between the image's place and its name stands only a moment of a pull */
static void
test_newborn(void)
{
  g_autoptr(KslurmImageStore) store = make_store();
  g_autofree char *path = kslurm_image_store_dup_image(store, TWO);
  g_autoptr(KslurmPurge) purge = NULL;

  g_assert_cmpint(g_unlink(path), ==, 0);
  unit_write(kslurm_image_store_get_path(store), "images/" TWO ".sif", "new");
  purge = kslurm_image_store_purge_images(store, NULL, TRUE, FALSE);
  g_assert_cmpuint(purge->removed->len, ==, 1);
  g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* one that was named for it, and has lost its names */
static void
test_one(void)
{
  g_autoptr(KslurmImageStore) store = make_store();
  g_autofree char *path = kslurm_image_store_dup_image(store, TWO);
  g_autoptr(KslurmPurge) named = NULL;
  g_autoptr(KslurmPurge) spared = NULL;
  g_autoptr(KslurmPurge) purge = NULL;

  g_assert_cmpint(g_unlink(path), ==, 0);
  unit_write(kslurm_image_store_get_path(store), "images/" TWO ".sif", "new");
  named = kslurm_image_store_purge_images(store, "sha256:" ONE, TRUE, FALSE);
  g_assert_cmpuint(named->removed->len, ==, 0);
  spared = kslurm_image_store_purge_images(store, "sha256:" TWO, FALSE, FALSE);
  g_assert_cmpuint(spared->spared->len, ==, 1);
  purge = kslurm_image_store_purge_images(store, "sha256:" TWO, TRUE, FALSE);
  g_assert_cmpuint(purge->removed->len, ==, 1);
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  assert_list(store, "docker://b:1 - 11111111 3\n"
                     "docker://b:1 arm64 11111111 3\n"
                     "docker://ghcr.io/a:1 - 11111111 3\n"
                     "- - 33333333 5\n");
}

static void
test_blobs(void)
{
  g_autoptr(KslurmImageStore) store = make_store();
  const char *root = kslurm_image_store_get_path(store);
  g_autofree char *new = kslurm_image_store_dup_blob(store, "sha256:" TWO);
  g_autoptr(KslurmPurge) purge = NULL;
  g_autoptr(KslurmPurge) all = NULL;

  unit_write(root, "blobs/sha256/" ONE, "old");
  unit_write(root, "blobs/sha256/" TWO, "new");
  age(store, "blobs/sha256/" ONE, LONG_AGO);
  purge = kslurm_image_store_purge_blobs(store, FALSE, FALSE);
  g_assert_cmpuint(purge->removed->len, ==, 1);
  g_assert_cmpuint(((KslurmStoredImage *)purge->removed->pdata[0])->size, ==, 3);
  g_assert_true(g_file_test(new, G_FILE_TEST_EXISTS));
  all = kslurm_image_store_purge_blobs(store, TRUE, FALSE);
  g_assert_cmpuint(all->removed->len, ==, 1);
  g_assert_false(g_file_test(new, G_FILE_TEST_EXISTS));
}

/* of downloads that may yet go on */
static void
test_parts(void)
{
  g_autoptr(KslurmImageStore) store = make_store();
  const char *root = kslurm_image_store_get_path(store);
  g_autofree char *new = kslurm_image_store_dup_path(store, "work/" TWO ".node-1-1-1.part");
  g_autofree char *other = kslurm_image_store_dup_path(store, "work/" ONE ".lock");
  g_autoptr(KslurmPurge) purge = NULL;

  unit_write(root, "work/" ONE ".part", "old");
  unit_write(root, "work/" ONE ".lock", "old");
  unit_write(root, "work/" TWO ".node-1-1-1.part", "new");
  age(store, "work/" ONE ".part", LONG_AGO);
  age(store, "work/" ONE ".lock", LONG_AGO);
  purge = kslurm_image_store_purge_blobs(store, TRUE, FALSE);
  g_assert_cmpuint(purge->removed->len, ==, 1);
  g_assert_cmpstr(((KslurmStoredImage *)purge->removed->pdata[0])->digest, ==,
                  "sha256:" ONE);
  g_assert_true(g_file_test(new, G_FILE_TEST_EXISTS));
  g_assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-store-list/list", test_list);
  g_test_add_func("/image-store-list/empty", test_empty);
  g_test_add_func("/image-store-list/purge", test_purge);
  g_test_add_func("/image-store-list/newborn", test_newborn);
  g_test_add_func("/image-store-list/one", test_one);
  g_test_add_func("/image-store-list/blobs", test_blobs);
  g_test_add_func("/image-store-list/parts", test_parts);
  return g_test_run();
}
