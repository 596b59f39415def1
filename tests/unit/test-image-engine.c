/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-engine.h"

#include <glib/gstdio.h>

#include "base/util/kslurm-error.h"
#include "unit.h"

static void
put_program(const char *folder, const char *name, int mode)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);

  unit_write(folder, name, "#!/bin/sh\n");
  g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void
test_find(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *path = g_strdup_printf("PATH=:bin:%s/a:%s/b", folder, folder);
  const char *const environ[] = {path, NULL};
  g_autofree char *singularity = g_build_filename(folder, "b/singularity", NULL);
  g_autofree char *apptainer = g_build_filename(folder, "b/apptainer", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  unit_write(folder, "a/apptainer/", "");
  put_program(folder, "a/singularity", 0644);
  g_assert_null(kslurm_image_engine_find(environ, NULL));
  put_program(folder, "b/singularity", 0755);
  first = kslurm_image_engine_find(environ, NULL);
  g_assert_cmpstr(first, ==, singularity);
  put_program(folder, "b/apptainer", 0755);
  second = kslurm_image_engine_find(environ, NULL);
  g_assert_cmpstr(second, ==, apptainer);
}

static void
assert_missing(const char *const *environ, const char *message)
{
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_image_engine_find(environ, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND, message);
}

static void
test_missing(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *modules = g_strdup_printf("MODULEPATH=/none:%s", folder);
  const char *const none[] = {NULL};
  const char *const plain[] = {"PATH=/none", modules, NULL};
  const char *const lmod[] = {"PATH=/none", modules, "LMOD_CMD=/lmod", NULL};

  assert_missing(none, "apptainer and singularity are not on PATH; containers need one of "
                       "them, which the site's staff can install");
  assert_missing(plain,
                 "apptainer and singularity are not on PATH; 'module avail apptainer' "
                 "says whether a module brings one");
  assert_missing(lmod,
                 "apptainer and singularity are not on PATH; 'module spider apptainer' "
                 "says whether a module brings one");
  unit_write(folder, "singularity/3.8.lua", "");
  assert_missing(lmod, "apptainer and singularity are not on PATH; load one with 'module "
                       "load singularity'");
  unit_write(folder, "apptainer.lua", "");
  assert_missing(plain, "apptainer and singularity are not on PATH; load one with 'module "
                        "load apptainer'");
}

static void
test_build(void)
{
  static const char *const options[] = {"-B/data dir", "--nv", NULL};
  static const char *const words[] = {"sh", "-c", "echo $HOME", "--nv", "", NULL};
  static const char *const wanted[] = {"/e",     "exec", "-B/data dir", "--nv",
                                       "/i.sif", "sh",   "-c",          "echo $HOME",
                                       "--nv",   "",     NULL};
  static const char *const none[] = {NULL};
  static const char *const least[] = {"/e", "shell", "/i.sif", NULL};
  g_auto(GStrv) argv = kslurm_image_engine_build("/e", "exec", options, "/i.sif", words);
  g_auto(GStrv) bare = kslurm_image_engine_build("/e", "shell", none, "/i.sif", none);

  g_assert_cmpstrv(argv, wanted);
  g_assert_cmpstrv(bare, least);
}

static void
test_options(void)
{
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) letters = g_hash_table_new(NULL, NULL);
  const char *last = "";

  for (const KslurmForeign *f = kslurm_image_engine_options; f->name != NULL; f++) {
    g_assert_cmpstr(last, <, f->name);
    last = f->name;
    g_assert_true(g_hash_table_add(names, (char *)f->name));
    if (f->letter != 0)
      g_assert_true(g_hash_table_add(letters, GINT_TO_POINTER((int)f->letter)));
  }
  g_assert_cmpuint(g_hash_table_size(letters), ==, 15);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-engine/find", test_find);
  g_test_add_func("/image-engine/missing", test_missing);
  g_test_add_func("/image-engine/build", test_build);
  g_test_add_func("/image-engine/options", test_options);
  return g_test_run();
}
