/* SPDX-License-Identifier: MIT */
#include "image/kslurm-fetch.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "blobs.h"
#include "unit.h"

typedef struct {
  const char *name;
  BlobsFault faults[8];
  const char *offsets; /* what was asked for */
  const char *message; /* NULL: all is well */
  const char *left;    /* in the work folder */
} Line;

static const Line lines[] = {
    {"well", {BLOBS_WELL}, "0 ", NULL, ""},
    {"ends", {BLOBS_ENDS, BLOBS_ENDS}, "0 100000 200000 ", NULL, ""},
    {"breaks", {BLOBS_BREAKS}, "0 100000 ", NULL, ""},
    {"ignores-range", {BLOBS_ENDS, BLOBS_WHOLE}, "0 100000 ", NULL, ""},
    {"begins-late", {BLOBS_ENDS, BLOBS_LATE}, "0 100000 0 ", NULL, ""},
    {"lies", {BLOBS_ENDS, BLOBS_LIES}, "0 100000 0 ", NULL, ""},
    {"long", {BLOBS_LONG}, "0 ", NULL, ""},
    {"other-bytes", {BLOBS_OTHER}, "0 0 ", NULL, ""},
    {"other-bytes-twice",
     {BLOBS_OTHER, BLOBS_OTHER},
     "0 0 ",
     "the registry gave twice other bytes for '*' than its digest says",
     ""},
    {"down", {BLOBS_DOWN, BLOBS_DOWN}, "0 0 0 ", NULL, ""},
    {"stays-down",
     {BLOBS_ENDS, BLOBS_DOWN, BLOBS_DOWN, BLOBS_DOWN, BLOBS_DOWN, BLOBS_DOWN},
     "0 100000 100000 100000 100000 100000 ",
     "down",
     ".part:100000 "},
    {"always-late",
     {BLOBS_LATE, BLOBS_LATE, BLOBS_LATE, BLOBS_LATE, BLOBS_LATE, BLOBS_LATE},
     "0 0 0 0 0 0 ",
     "the registry gives '*' from byte 1 on, and not from 0",
     ""},
    {"refused", {BLOBS_REFUSES}, "0 ", "refused", ""},
    {"refused-later", {BLOBS_ENDS, BLOBS_REFUSES}, "0 100000 ", "refused", ".part:100000 "},
    {"cancelled",
     {BLOBS_BREAKS, BLOBS_CANCELS},
     "0 100000 ",
     "Operation was cancelled",
     ".part:100000 "},
};

static void
test_line(gconstpointer data)
{
  const Line *line = data;
  g_autoptr(Blobs) blobs = blobs_new(1);
  g_autoptr(GError) error = NULL;
  g_autofree char *left = NULL;

  blobs->faults = line->faults;
  blobs_fetch_all(blobs, &error);
  g_assert_cmpstr(blobs->offsets->str, ==, line->offsets);
  left = blobs_list_work(blobs);
  g_assert_cmpstr(left, ==, line->left);
  if (line->message == NULL) {
    g_assert_no_error(error);
    blobs_assert_whole(blobs);
  } else {
    g_assert_nonnull(error);
    g_assert_true(g_pattern_match_simple(line->message, error->message));
  }
}

static void
test_short(void)
{
  static const BlobsFault faults[] = {BLOBS_ENDS, BLOBS_WELL};
  g_autoptr(Blobs) blobs = blobs_new(1);
  g_autoptr(GError) error = NULL;
  KslurmDescriptor *descriptor = blobs->list->pdata[0];

  blobs->faults = faults;
  descriptor->size++;
  g_assert_false(blobs_fetch_all(blobs, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_nonnull(strstr(error->message, "ends after 300000 of 300001 bytes"));
}

static void
test_resumed_after_cancel(void)
{
  static const BlobsFault faults[] = {BLOBS_BREAKS, BLOBS_CANCELS, BLOBS_WELL};
  g_autoptr(Blobs) blobs = blobs_new(1);
  g_autoptr(GError) error = NULL;

  blobs->faults = faults;
  g_assert_false(blobs_fetch_all(blobs, NULL));
  g_cancellable_reset(blobs->cancellable);
  g_assert_true(blobs_fetch_all(blobs, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(blobs->offsets->str, ==, "100000 ");
  blobs_assert_whole(blobs);
}

static void
test_many(void)
{
  g_autoptr(Blobs) blobs = blobs_new(20);
  g_autoptr(KslurmFetch) fetch = blobs_fetch(blobs, NULL);
  g_autofree char *line = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 20; i > 0; i--)
    g_assert_true(kslurm_fetch_wait(fetch, blobs_get(blobs, i - 1)->digest, &error));
  g_assert_true(kslurm_fetch_wait_all(fetch, &error));
  g_assert_false(kslurm_fetch_wait(fetch, "sha256:0", &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
  g_assert_cmpuint(blobs->calls, ==, 20);
  line = kslurm_progress_to_plain(blobs->progress, g_get_monotonic_time());
  g_assert_nonnull(strstr(line, "6.0 MB of 6.0 MB"));
  g_clear_pointer(&fetch, kslurm_fetch_free);
  g_assert_null(kslurm_progress_to_plain(blobs->progress, 0));
  blobs_assert_whole(blobs);
}

/* another image's, or the same twice */
static void
test_shared(void)
{
  g_autoptr(Blobs) blobs = blobs_new(2);
  const KslurmDescriptor *first = blobs_get(blobs, 0);

  g_ptr_array_add(blobs->list, kslurm_descriptor_new("z/z", first->digest, first->size));
  g_assert_true(blobs_fetch_all(blobs, NULL));
  g_assert_cmpuint(blobs->calls, ==, 2);
  g_assert_true(blobs_fetch_all(blobs, NULL));
  g_assert_cmpuint(blobs->calls, ==, 2);
}

static void
test_first_error_ends_all(void)
{
  static const BlobsFault faults[] = {BLOBS_REFUSES, BLOBS_REFUSES, BLOBS_REFUSES,
                                      BLOBS_REFUSES, BLOBS_REFUSES, BLOBS_WELL};
  g_autoptr(Blobs) blobs = blobs_new(20);
  g_autoptr(GError) error = NULL;

  blobs->faults = faults;
  g_assert_false(blobs_fetch_all(blobs, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED);
  g_assert_cmpuint(blobs->calls, <=, 4);
}

static void
test_no_room(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);
  g_autoptr(GError) error = NULL;
  KslurmDescriptor *descriptor = blobs->list->pdata[0];

  descriptor->size = (guint64)1 << 60;
  g_assert_null(blobs_fetch(blobs, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_nonnull(strstr(error->message, "1.2 EB are still to come; make room"));
  g_assert_cmpuint(blobs->calls, ==, 0);
}

static void
test_false_manifests(void)
{
  g_autoptr(Blobs) blobs = blobs_new(1);
  g_autoptr(GError) error = NULL;
  const char *digest = blobs_get(blobs, 0)->digest;

  g_ptr_array_add(blobs->list, kslurm_descriptor_new("", digest, 5));
  g_assert_null(blobs_fetch(blobs, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
  g_ptr_array_set_size(blobs->list, 1);
  g_ptr_array_add(blobs->list, kslurm_descriptor_new("", "sha256:../../x", 5));
  g_clear_error(&error);
  g_assert_null(blobs_fetch(blobs, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_autofree char *path = g_strconcat("/fetch/line/", lines[i].name, NULL);

    g_test_add_data_func(path, &lines[i], test_line);
  }
  g_test_add_func("/fetch/short", test_short);
  g_test_add_func("/fetch/resumed-after-cancel", test_resumed_after_cancel);
  g_test_add_func("/fetch/many", test_many);
  g_test_add_func("/fetch/shared", test_shared);
  g_test_add_func("/fetch/first-error-ends-all", test_first_error_ends_all);
  g_test_add_func("/fetch/no-room", test_no_room);
  g_test_add_func("/fetch/false-manifests", test_false_manifests);
  return g_test_run();
}
