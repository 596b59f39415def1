/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-aliases.h"

#include <string.h>

#include "base/util/kslurm-error.h"
#include "unit.h"

static KslurmImageStore *
make_store(void)
{
  g_autofree char *folder = unit_dup_folder();
  KslurmImageStore *store = kslurm_image_store_new(folder);

  g_assert_true(kslurm_image_store_prepare(store, NULL));
  return store;
}

static gboolean
set(KslurmImageStore *store,
    const char *name,
    const char *text,
    gboolean force,
    GError **error)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(text, NULL);

  return kslurm_image_store_set_alias(store, name, reference, NULL, force, error);
}

static void
test_names(void)
{
  static const char *const right[] = {"busybox", "image.sif", "fmriprep-21.0.2", "A_b+c",
                                      "7z"};
  static const struct {
    const char *name, *message;
  } wrong[] = {
      {"", "an alias may not be empty"},
      {"x:1", "'x:1' looks like an image; an alias is one word, such as 'fmriprep'"},
      {"a/b", "'a/b' looks like an image; an alias is one word, such as 'fmriprep'"},
      {"a@b", "'a@b' looks like an image; an alias is one word, such as 'fmriprep'"},
      {"..",
       "'..' cannot be an alias; it holds up to 128 letters, digits, '_', '+', '.' and "
       "'-', and begins with a letter or a digit"},
      {"-q",
       "'-q' cannot be an alias; it holds up to 128 letters, digits, '_', '+', '.' and "
       "'-', and begins with a letter or a digit"},
      {" ", "' ' cannot be an alias; it holds up to 128 letters, digits, '_', '+', '.' and "
            "'-', and begins with a letter or a digit"}};
  g_autofree char *longest = unit_repeat("x", 128);
  g_autofree char *more = unit_repeat("x", 129);

  for (gsize i = 0; i < G_N_ELEMENTS(right); i++)
    g_assert_true(kslurm_image_alias_check(right[i], NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_false(kslurm_image_alias_check(wrong[i].name, &error));
    unit_assert_usage(error, wrong[i].message);
  }
  g_assert_true(kslurm_image_alias_check(longest, NULL));
  g_assert_false(kslurm_image_alias_check(more, NULL));
}

static void
assert_alias(KslurmImageStore *store, const char *name, const char *uri)
{
  g_autoptr(KslurmImageAlias) alias = kslurm_image_store_get_alias(store, name);

  g_assert_cmpstr(alias != NULL ? alias->uri : NULL, ==, uri);
}

static void
test_move(void)
{
  g_autoptr(KslurmImageStore) store = make_store();
  g_autoptr(GError) error = NULL;

  g_assert_true(set(store, "prep", "nipreps/fmriprep:21", FALSE, NULL));
  assert_alias(store, "prep", "docker://nipreps/fmriprep:21");
  /* another tag is the same image, grown */
  g_assert_true(set(store, "prep", "nipreps/fmriprep:22", FALSE, NULL));
  assert_alias(store, "prep", "docker://nipreps/fmriprep:22");
  g_assert_false(set(store, "prep", "ghcr.io/nipreps/fmriprep:22", FALSE, &error));
  unit_assert_error(
      error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
      "the alias 'prep' is 'docker://nipreps/fmriprep:22'; '--force' moves it "
      "to 'docker://ghcr.io/nipreps/fmriprep:22'");
  assert_alias(store, "prep", "docker://nipreps/fmriprep:22");
  g_assert_true(set(store, "prep", "ghcr.io/nipreps/fmriprep:22", TRUE, NULL));
  assert_alias(store, "prep", "docker://ghcr.io/nipreps/fmriprep:22");
  g_assert_false(set(store, "a/b", "x:1", TRUE, NULL));
}

static void
test_list(void)
{
  g_autoptr(KslurmImageStore) store = make_store();
  g_autoptr(GPtrArray) aliases = NULL;

  set(store, "b", "x:1", FALSE, NULL);
  set(store, "a", "y:1", FALSE, NULL);
  unit_write(kslurm_image_store_get_path(store), "aliases/file", "no link");
  unit_write(kslurm_image_store_get_path(store), "uris/docker/library/x/1.sif", "data");
  aliases = kslurm_image_store_list_aliases(store);
  g_assert_cmpuint(aliases->len, ==, 2);
  g_assert_cmpstr(((KslurmImageAlias *)aliases->pdata[0])->name, ==, "a");
  g_assert_null(((KslurmImageAlias *)aliases->pdata[0])->path);
  g_assert_cmpstr(((KslurmImageAlias *)aliases->pdata[1])->uri, ==, "docker://x:1");
  g_assert_nonnull(((KslurmImageAlias *)aliases->pdata[1])->path);
}

static void
test_remove(void)
{
  static const char *const none[] = {"a", "../images", "", ".."};
  g_autoptr(KslurmImageStore) store = make_store();

  set(store, "a", "x:1", FALSE, NULL);
  g_assert_true(kslurm_image_store_remove_alias(store, "a", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_false(kslurm_image_store_remove_alias(store, none[i], &error));
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
    g_assert_null(kslurm_image_store_get_alias(store, none[i]));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-store-aliases/names", test_names);
  g_test_add_func("/image-store-aliases/move", test_move);
  g_test_add_func("/image-store-aliases/list", test_list);
  g_test_add_func("/image-store-aliases/remove", test_remove);
  return g_test_run();
}
