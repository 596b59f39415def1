/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/image/kslurm-image-store.h"
#include "images.h"
#include "unit.h"

/* what the older kslurm wrote: absolute links, files where no digest was known */
static void
make_older(KslurmImageStore *store)
{
  const char *root = kslurm_image_store_get_path(store);
  g_autofree char *image = kslurm_image_store_dup_image(store, ONE);
  g_autofree char *uri = g_build_filename(root, "uris/docker/o/x/1.sif", NULL);
  g_autofree char *alias = g_build_filename(root, "aliases/my x", NULL);
  g_autofree char *simg = g_build_filename(root, "snakemake/a.simg", NULL);

  unit_write(root, "uris/docker/o/x/", "");
  unit_write(root, "uris/docker/o/plain/1.sif", "plain");
  g_assert_cmpint(symlink(image, uri), ==, 0);
  g_assert_cmpint(symlink(uri, alias), ==, 0);
  g_assert_cmpint(symlink(image, simg), ==, 0);
}

static void
check_older(KslurmImageStore *store)
{
  static const char *const texts[] = {"o/x:1", "docker://o/x:1", "my x"};
  g_autofree char *image = kslurm_image_store_dup_image(store, ONE);
  g_autofree char *plain = NULL;
  g_autofree char *wanted = g_build_filename(kslurm_image_store_get_path(store),
                                             "uris/docker/o/plain/1.sif", NULL);
  g_autoptr(KslurmReference) none = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(KslurmReference) reference = NULL;
    g_autofree char *path =
        kslurm_image_store_resolve(store, texts[i], NULL, &reference, &error);
    g_autofree char *form = NULL;

    g_assert_no_error(error);
    g_assert_cmpstr(path, ==, image);
    form = kslurm_reference_to_string(reference);
    g_assert_cmpstr(form, ==, "docker://o/x:1");
  }
  plain = kslurm_image_store_resolve(store, "o/plain:1", NULL, &none, NULL);
  g_assert_cmpstr(plain, ==, wanted);
}

static void
test_older(void)
{
  g_autoptr(KslurmImageStore) store = images_make_store();

  make_older(store);
  check_older(store);
}

static void
test_moved(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *old = g_build_filename(folder, "containers", NULL);
  g_autofree char *pipdir = g_build_filename(folder, "moved", NULL);
  g_autofree char *new = g_build_filename(pipdir, "containers", NULL);
  g_autoptr(KslurmImageStore) store = images_make_store();
  g_autoptr(KslurmImageStore) moved = kslurm_image_store_new(pipdir);

  make_older(store);
  images_link(store, "ubuntu:22.04", ONE);
  g_assert_cmpint(g_mkdir(pipdir, 0700), ==, 0);
  g_assert_cmpint(g_rename(old, new), ==, 0);
  check_older(moved);
  images_assert_content(moved, "snakemake/aaea631dfcf687b6ead83198bc08c49d.simg", "one");
}

static gpointer
move_often(gpointer data)
{
  g_autoptr(KslurmReference) reference = images_parse("o/x:1");
  g_autofree char *folder = unit_dup_folder();
  g_autoptr(KslurmImageStore) store = kslurm_image_store_new(folder);

  for (int i = 0; i < 100; i++) {
    g_autofree char *path = NULL;

    g_assert_true(
        kslurm_image_store_link(store, reference, NULL, data, "docker://o/x:1", NULL));
    path = kslurm_image_store_find(store, reference, NULL);
    g_assert_nonnull(path);
  }
  return NULL;
}

/* readers always find one image or the other, and nothing is left over */
static void
test_at_once(void)
{
  g_autoptr(KslurmImageStore) store = images_make_store();
  GThread *one = g_thread_new("one", move_often, (gpointer)ONE);
  GThread *two = g_thread_new("two", move_often, (gpointer)TWO);
  g_autofree char *folder = kslurm_image_store_dup_path(store, "nextflow");
  g_autoptr(GDir) dir = NULL;
  const char *name = NULL;

  g_thread_join(one);
  g_thread_join(two);
  dir = g_dir_open(folder, 0, NULL);
  while ((name = g_dir_read_name(dir)) != NULL)
    g_assert_cmpint(name[0], !=, '.');
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-store-links/older", test_older);
  g_test_add_func("/image-store-links/moved", test_moved);
  g_test_add_func("/image-store-links/at-once", test_at_once);
  return g_test_run();
}
