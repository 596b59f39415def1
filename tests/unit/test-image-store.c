/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/image/kslurm-image-store-aliases.h"
#include "base/image/kslurm-image-store-names.h"
#include "base/image/kslurm-image-store-private.h"
#include "base/util/kslurm-error.h"
#include "images.h"
#include "unit.h"

static void
assert_link(KslurmImageStore *store, const char *name, const char *target)
{
  g_autofree char *path = kslurm_image_store_dup_path(store, name);
  g_autofree char *text = g_file_read_link(path, NULL);

  g_assert_cmpstr(text, ==, target);
}

static void
test_link(void)
{
  g_autoptr(KslurmImageStore) store = images_make_store();
  g_autofree char *image = kslurm_image_store_dup_image(store, "sha256:" ONE);
  g_autoptr(KslurmReference) reference = images_parse("ubuntu:22.04");
  g_autofree char *found = NULL;

  g_assert_null(kslurm_image_store_find(store, reference, NULL));
  images_link(store, "ubuntu:22.04", "sha256:" ONE);
  found = kslurm_image_store_find(store, reference, NULL);
  g_assert_cmpstr(found, ==, image);
  g_assert_null(kslurm_image_store_find(store, reference, "arm64"));
  assert_link(store, "uris/docker/library/ubuntu/22.04.sif",
              "../../../../images/" ONE ".sif");
  /* as 'docker://ubuntu:22.04' */
  assert_link(store, "snakemake/aaea631dfcf687b6ead83198bc08c49d.simg",
              "../uris/docker/library/ubuntu/22.04.sif");
  assert_link(store, "nextflow/library-ubuntu-22.04.img",
              "../uris/docker/library/ubuntu/22.04.sif");
  images_assert_content(store, "snakemake/aaea631dfcf687b6ead83198bc08c49d.simg", "one");
  images_link(store, "docker://ubuntu:22.04", TWO);
  images_assert_content(store, "snakemake/aaea631dfcf687b6ead83198bc08c49d.simg", "two!");
  images_assert_content(store, "nextflow/ubuntu-22.04.img", "two!");
}

static void
test_platform(void)
{
  g_autoptr(KslurmImageStore) store = images_make_store();
  g_autoptr(KslurmReference) reference = images_parse("o/x:1");
  g_autofree char *found = NULL;

  g_assert_true(
      kslurm_image_store_link(store, reference, "arm/v7", "sha256:" ONE, "o/x:1", NULL));
  images_assert_content(store, "uris/docker/o/x/1@arm-v7.sif", "one");
  g_assert_null(kslurm_image_store_find(store, reference, NULL));
  found = kslurm_image_store_find(store, reference, "arm/v7");
  g_assert_nonnull(found);
  images_assert_content(store, "nextflow/o-x-1.img", NULL);
}

static void
test_resolve(void)
{
  g_autoptr(KslurmImageStore) store = images_make_store();
  g_autoptr(KslurmReference) reference = images_parse("o/x:1");
  g_autoptr(KslurmReference) found = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  g_assert_null(kslurm_image_store_resolve(store, "o/x:1", NULL, &found, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                    "image 'o/x:1' is not in the store; get it with 'kapp pull o/x:1'");
  g_clear_error(&error);
  g_clear_pointer(&found, kslurm_reference_unref);
  g_assert_null(kslurm_image_store_resolve(store, "../x", NULL, &found, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_USAGE);
  g_clear_error(&error);
  images_link(store, "o/x:1", ONE);
  g_assert_true(
      kslurm_image_store_set_alias(store, "busybox", reference, NULL, FALSE, NULL));
  /* an alias goes before the image of that name */
  path = kslurm_image_store_resolve(store, "busybox", NULL, &found, NULL);
  g_assert_nonnull(path);
  g_assert_true(kslurm_reference_equal(found, reference));
  g_assert_cmpint(g_unlink(path), ==, 0);
  g_clear_pointer(&found, kslurm_reference_unref);
  g_assert_null(kslurm_image_store_resolve(store, "busybox", NULL, &found, &error));
  unit_assert_error(
      error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
      "the image 'docker://o/x:1' of the alias 'busybox' is gone; get it with "
      "'kapp pull docker://o/x:1'");
}

static void
test_unlink(void)
{
  g_autoptr(KslurmImageStore) store = images_make_store();
  g_autoptr(KslurmReference) reference = images_parse("o/x:1");
  g_autoptr(KslurmReference) other = images_parse("o/x:2");
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) aliases = NULL;
  g_autofree char *left = NULL;
  char **none = NULL;

  images_link(store, "o/x:1", ONE);
  images_link(store, "o/x:2", ONE);
  kslurm_image_store_set_alias(store, "mine", reference, NULL, FALSE, NULL);
  kslurm_image_store_set_alias(store, "other", other, NULL, FALSE, NULL);
  g_assert_true(kslurm_image_store_unlink(store, reference, NULL, &aliases, NULL));
  g_assert_cmpstr(aliases[0], ==, "mine");
  g_assert_null(aliases[1]);
  assert_link(store, "nextflow/o-x-1.img", NULL);
  assert_link(store, "nextflow/docker.io-o-x-1.img", NULL);
  assert_link(store, "aliases/mine", NULL);
  images_assert_content(store, "nextflow/o-x-2.img", "one");
  images_assert_content(store, "aliases/other", "one");
  g_assert_false(kslurm_image_store_unlink(store, reference, NULL, &none, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                    "image 'docker://o/x:1' is not in the store");
  g_clear_pointer(&aliases, g_strfreev);
  g_assert_true(kslurm_image_store_unlink(store, other, NULL, &aliases, NULL));
  left = kslurm_image_store_dup_path(store, "uris/docker");
  g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
  images_assert_content(store, "images/" ONE ".sif", "one");
}

static gint64
get_atime(const char *path)
{
  struct stat st;

  g_assert_cmpint(stat(path, &st), ==, 0);
  return st.st_atime;
}

static void
test_used(void)
{
  const struct timespec long_ago[] = {{.tv_sec = 1000000}, {.tv_sec = 2000000}};
  g_autoptr(KslurmImageStore) store = images_make_store();
  g_autofree char *path = kslurm_image_store_dup_image(store, ONE);
  struct stat st;

  g_assert_cmpint(utimensat(AT_FDCWD, path, long_ago, 0), ==, 0);
  g_assert_cmpint(stat(path, &st), ==, 0);
  g_assert_cmpint(kslurm_image_store_get_used(store, "images/" ONE ".sif", &st), ==,
                  2000000);
  kslurm_image_store_mark_used(store, path);
  g_assert_cmpint(get_atime(path), >, 1000000000);
  /* that of another user, who cannot be told */
  unit_write(kslurm_image_store_get_path(store), "used/" ONE, "");
  g_assert_cmpint(kslurm_image_store_get_used(store, "images/" ONE ".sif", &st), >,
                  1000000000);
  g_assert_cmpint(ABS(kslurm_image_store_get_now(store) - g_get_real_time() / 1000000), <,
                  600);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-store/link", test_link);
  g_test_add_func("/image-store/platform", test_platform);
  g_test_add_func("/image-store/resolve", test_resolve);
  g_test_add_func("/image-store/unlink", test_unlink);
  g_test_add_func("/image-store/used", test_used);
  return g_test_run();
}
