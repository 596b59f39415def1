/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-partial-private.h"
#include "blobs.h"
#include "unit.h"

#define NEVER G_MAXSIZE

static void
expect_fetched(Blobs *blobs, const char *offsets)
{
  g_autoptr(GError) error = NULL;

  g_assert_true(blobs_fetch_all(blobs, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(blobs->offsets->str, ==, offsets);
  blobs_assert_whole(blobs);
}

static void
test_begin(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);

  blobs_leave(blobs, ".part", 123456, NEVER);
  expect_fetched(blobs, "123456 ");
}

static void
test_all_of_it(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);

  blobs_leave(blobs, ".part", BLOBS_SIZE, NEVER);
  expect_fetched(blobs, "");
}

static void
test_damaged(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);

  blobs_leave(blobs, ".part", 1000, 999);
  expect_fetched(blobs, "1000 0 ");
}

static void
test_too_long(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);

  blobs_leave(blobs, ".part", BLOBS_SIZE + 1, NEVER);
  expect_fetched(blobs, "0 ");
}

static void
test_longest_of_many(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);

  blobs_leave(blobs, ".part", 1000, NEVER);
  blobs_leave(blobs, ".elsewhere-1-1-0.part", 5000, NEVER);
  blobs_leave(blobs, ".elsewhere-1-2-0.part", 3000, NEVER);
  expect_fetched(blobs, "5000 ");
}

static pid_t
make_dead_pid(void)
{
  pid_t child = fork();

  if (child == 0)
    _exit(0);
  g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
  return child;
}

static void
test_killed_owner(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);
  g_autofree char *owner = kslurm_partial_dup_owner();
  g_autofree char *name = g_strdup_printf(".%s%d-0.part", owner, (int)make_dead_pid());

  blobs_leave(blobs, name, 5000, NEVER);
  expect_fetched(blobs, "5000 ");
}

/* who was stopped and lost its lock may write on: its file is none of ours */
static void
test_stopped_owner(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);
  g_autofree char *owner = kslurm_partial_dup_owner();
  g_autofree char *name = g_strdup_printf(".%s%d-0.part", owner, (int)getpid());
  g_autofree char *path = NULL, *folder = NULL;
  FILE *file = NULL;

  blobs_leave(blobs, name, 5000, NEVER);
  folder = kslurm_image_store_dup_path(blobs->store, "work");
  path = g_strconcat(folder, "/", blobs_get(blobs, 0)->digest + 7, name, NULL);
  file = g_fopen(path, "r+");
  expect_fetched(blobs, "5000 ");
  g_assert_cmpint(fputs("wrong", file), >=, 0);
  g_assert_cmpint(fclose(file), ==, 0);
  blobs_assert_whole(blobs);
}

static void
test_links_are_not_followed(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);
  g_autofree char *folder = kslurm_image_store_dup_path(blobs->store, "work");
  g_autofree char *path =
      g_strconcat(folder, "/", blobs_get(blobs, 0)->digest + 7, ".part", NULL);
  g_autofree char *other = g_build_filename(g_get_user_cache_dir(), "mine", NULL);
  g_autofree char *text = NULL;

  g_assert_true(g_file_set_contents(other, "mine", -1, NULL));
  g_assert_cmpint(symlink(other, path), ==, 0);
  expect_fetched(blobs, "0 ");
  g_assert_true(g_file_get_contents(other, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "mine");
}

/* killed between the name and the end */
static void
test_tidied(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);
  g_autofree char *work = NULL;

  expect_fetched(blobs, "0 ");
  blobs_leave(blobs, ".part", 10, NEVER);
  blobs_leave(blobs, ".lock", 10, NEVER);
  blobs_leave(blobs, ".lock.dead-1", 10, NEVER);
  expect_fetched(blobs, "");
}

static void
cut_blob(Blobs *blobs)
{
  g_autofree char *path =
      kslurm_image_store_dup_blob(blobs->store, blobs_get(blobs, 0)->digest);

  g_assert_cmpint(truncate(path, 100), ==, 0);
}

static void
test_damaged_blob(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);

  expect_fetched(blobs, "0 ");
  cut_blob(blobs);
  expect_fetched(blobs, "0 ");
}

static void
test_false_size(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);
  KslurmDescriptor *descriptor = blobs->list->pdata[0];
  g_autoptr(GError) error = NULL;

  expect_fetched(blobs, "0 ");
  descriptor->size = 100;
  g_assert_false(blobs_fetch_all(blobs, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
  descriptor->size = BLOBS_SIZE;
  blobs_assert_whole(blobs);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/fetch-left/begin", test_begin);
  g_test_add_func("/fetch-left/all-of-it", test_all_of_it);
  g_test_add_func("/fetch-left/damaged", test_damaged);
  g_test_add_func("/fetch-left/too-long", test_too_long);
  g_test_add_func("/fetch-left/longest-of-many", test_longest_of_many);
  g_test_add_func("/fetch-left/killed-owner", test_killed_owner);
  g_test_add_func("/fetch-left/stopped-owner", test_stopped_owner);
  g_test_add_func("/fetch-left/links", test_links_are_not_followed);
  g_test_add_func("/fetch-left/tidied", test_tidied);
  g_test_add_func("/fetch-left/damaged-blob", test_damaged_blob);
  g_test_add_func("/fetch-left/false-size", test_false_size);
  return g_test_run();
}
