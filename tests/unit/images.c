/* SPDX-License-Identifier: MIT */
#include "images.h"

#include "unit.h"

KslurmImageStore *
images_make_store(void)
{
  g_autofree char *folder = unit_dup_folder();
  KslurmImageStore *store = kslurm_image_store_new(folder);

  g_assert_true(kslurm_image_store_prepare(store, NULL));
  unit_write(kslurm_image_store_get_path(store), "images/" ONE ".sif", "one");
  unit_write(kslurm_image_store_get_path(store), "images/" TWO ".sif", "two!");
  return store;
}

KslurmReference *
images_parse(const char *text)
{
  g_autoptr(GError) error = NULL;
  KslurmReference *reference = kslurm_reference_parse(text, &error);

  g_assert_no_error(error);
  return reference;
}

void
images_link(KslurmImageStore *store, const char *text, const char *digest)
{
  g_autoptr(KslurmReference) reference = images_parse(text);
  g_autoptr(GError) error = NULL;

  kslurm_image_store_link(store, reference, NULL, digest, text, &error);
  g_assert_no_error(error);
}

void
images_assert_content(KslurmImageStore *store, const char *name, const char *wanted)
{
  g_autofree char *path = kslurm_image_store_dup_path(store, name);
  g_autofree char *text = NULL;

  g_file_get_contents(path, &text, NULL, NULL);
  g_assert_cmpstr(text, ==, wanted);
}
