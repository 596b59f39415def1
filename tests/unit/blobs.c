/* SPDX-License-Identifier: MIT */
#include "blobs.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "unit.h"

static void
add(Blobs *blobs, guint n)
{
  guint8 *data = g_malloc(BLOBS_SIZE);
  g_autoptr(GRand) random = g_rand_new_with_seed(n);
  g_autofree char *hex = NULL, *digest = NULL;
  KslurmDescriptor *descriptor = NULL;

  for (gsize i = 0; i < BLOBS_SIZE; i++)
    data[i] = (guint8)g_rand_int(random);
  hex = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, BLOBS_SIZE);
  digest = g_strconcat("sha256:", hex, NULL);
  descriptor = kslurm_descriptor_new("x/y", digest, BLOBS_SIZE);
  g_ptr_array_add(blobs->list, descriptor);
  g_hash_table_insert(blobs->bytes, g_steal_pointer(&digest),
                      g_bytes_new_take(data, BLOBS_SIZE));
}

Blobs *
blobs_new(guint n)
{
  Blobs *blobs = g_new0(Blobs, 1);
  g_autofree char *folder = unit_dup_folder();

  g_mutex_init(&blobs->mutex);
  blobs->list = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_descriptor_free);
  blobs->bytes =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  blobs->offsets = g_string_new(NULL);
  blobs->order = g_string_new(NULL);
  blobs->cancellable = g_cancellable_new();
  blobs->store = kslurm_image_store_new(folder);
  blobs->progress = kslurm_progress_new();
  g_assert_true(kslurm_image_store_prepare(blobs->store, NULL));
  for (guint i = 0; i < n; i++)
    add(blobs, i);
  return blobs;
}

void
blobs_free(Blobs *blobs)
{
  g_ptr_array_unref(blobs->list);
  g_hash_table_unref(blobs->bytes);
  g_string_free(blobs->offsets, TRUE);
  g_string_free(blobs->order, TRUE);
  g_object_unref(blobs->cancellable);
  kslurm_image_store_free(blobs->store);
  kslurm_progress_free(blobs->progress);
  g_mutex_clear(&blobs->mutex);
  g_free(blobs);
}

const KslurmDescriptor *
blobs_get(const Blobs *blobs, guint n)
{
  return blobs->list->pdata[n];
}

/* a stream that breaks, as a socket does */
typedef struct {
  GMemoryInputStream parent;
} BrokenStream;

typedef struct {
  GMemoryInputStreamClass parent;
} BrokenStreamClass;

GType broken_stream_get_type(void);
G_DEFINE_TYPE(BrokenStream, broken_stream, G_TYPE_MEMORY_INPUT_STREAM)

static gssize
broken_stream_read(GInputStream *stream,
                   void *buffer,
                   gsize count,
                   GCancellable *cancellable,
                   GError **error)
{
  gssize got = G_INPUT_STREAM_CLASS(broken_stream_parent_class)
                   ->read_fn(stream, buffer, count, cancellable, error);

  if (got == 0)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "broken");
  return got > 0 ? got : -1;
}

static void
broken_stream_class_init(BrokenStreamClass *class)
{
  G_INPUT_STREAM_CLASS(class)->read_fn = broken_stream_read;
}

static void
broken_stream_init(BrokenStream *stream)
{
}

static GInputStream *
make_stream(GBytes *bytes, BlobsFault fault, guint64 offset, guint64 *start)
{
  gsize from = fault == BLOBS_WHOLE || fault == BLOBS_LIES ? 0 : (gsize)offset;
  gsize length = g_bytes_get_size(bytes) - from;
  gboolean is_cut = fault == BLOBS_ENDS || fault == BLOBS_BREAKS;
  g_autoptr(GBytes) part =
      g_bytes_new_from_bytes(bytes, from, is_cut ? MIN(BLOBS_CUT, length) : length);
  GInputStream *stream = g_object_new(
      fault == BLOBS_BREAKS ? broken_stream_get_type() : G_TYPE_MEMORY_INPUT_STREAM, NULL);

  if (fault == BLOBS_OTHER)
    g_memory_input_stream_add_data(G_MEMORY_INPUT_STREAM(stream), "?", 1, NULL);
  g_memory_input_stream_add_bytes(G_MEMORY_INPUT_STREAM(stream), part);
  if (fault == BLOBS_LONG)
    g_memory_input_stream_add_data(G_MEMORY_INPUT_STREAM(stream), "more", 4, NULL);
  *start = fault == BLOBS_LATE ? offset + 1 : fault == BLOBS_WHOLE ? 0 : offset;
  return stream;
}

static BlobsFault
note_call(Blobs *blobs, const char *digest, guint64 offset)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&blobs->mutex);
  BlobsFault fault = BLOBS_WELL;

  blobs->calls++;
  if (blobs->faults != NULL && *blobs->faults != BLOBS_WELL)
    fault = *blobs->faults++;
  g_string_append_printf(blobs->offsets, "%" G_GUINT64_FORMAT " ", offset);
  g_string_append_c(blobs->order, digest[strlen("sha256:")]);
  return fault;
}

static GInputStream *
open_blob(const char *digest,
          guint64 offset,
          guint64 *start,
          GCancellable *cancellable,
          gpointer data,
          GError **error)
{
  Blobs *blobs = data;
  BlobsFault fault = note_call(blobs, digest, offset);

  if (fault == BLOBS_REFUSES)
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_DENIED, "refused");
  if (fault == BLOBS_DOWN)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "down");
  if (fault == BLOBS_CANCELS) {
    g_cancellable_cancel(blobs->cancellable);
    g_assert_true(g_cancellable_set_error_if_cancelled(cancellable, error));
  }
  if (fault >= BLOBS_DOWN)
    return NULL;
  return make_stream(g_hash_table_lookup(blobs->bytes, digest), fault, offset, start);
}

KslurmFetch *
blobs_fetch(Blobs *blobs, GError **error)
{
  const KslurmFetchSetup setup = {.store = blobs->store,
                                  .open = open_blob,
                                  .data = blobs,
                                  .label = "pulling 'x'",
                                  .progress = blobs->progress,
                                  .retry_ms = 1};

  g_string_truncate(blobs->offsets, 0);
  return kslurm_fetch_new(&setup, blobs->list, blobs->cancellable, error);
}

gboolean
blobs_fetch_all(Blobs *blobs, GError **error)
{
  g_autoptr(KslurmFetch) fetch = blobs_fetch(blobs, error);

  return fetch != NULL && kslurm_fetch_wait_all(fetch, error);
}

/* the begin of the first blob, as a run before left it, with one byte changed */
void
blobs_leave(const Blobs *blobs, const char *suffix, gsize length, gsize wrong)
{
  const char *digest = blobs_get(blobs, 0)->digest;
  g_autofree char *name = g_strconcat("work/", digest + strlen("sha256:"), suffix, NULL);
  g_autofree char *path = kslurm_image_store_dup_path(blobs->store, name);
  GBytes *bytes = g_hash_table_lookup(blobs->bytes, digest);
  g_autofree char *data = g_malloc0(length + 1);

  memcpy(data, g_bytes_get_data(bytes, NULL), MIN(length, BLOBS_SIZE));
  if (wrong < length)
    data[wrong] ^= 1;
  g_assert_true(g_file_set_contents(path, data, (gssize)length, NULL));
}

void
blobs_assert_whole(const Blobs *blobs)
{
  g_autofree char *work = blobs_list_work(blobs);

  for (guint i = 0; i < blobs->list->len; i++) {
    const char *digest = blobs_get(blobs, i)->digest;
    g_autofree char *path = kslurm_image_store_dup_blob(blobs->store, digest);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    g_autoptr(GBytes) bytes = NULL;

    g_assert_nonnull(file);
    bytes = g_mapped_file_get_bytes(file);
    g_assert_true(g_bytes_equal(bytes, g_hash_table_lookup(blobs->bytes, digest)));
  }
  g_assert_cmpstr(work, ==, "");
}

/* of each file what stands behind the digest, and its size */
char *
blobs_list_work(const Blobs *blobs)
{
  g_autofree char *path = kslurm_image_store_dup_path(blobs->store, "work");
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  GString *list = g_string_new(NULL);
  const char *name = NULL;

  while ((name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    GStatBuf st;

    g_assert_cmpint(g_stat(file, &st), ==, 0);
    g_string_append_printf(list, "%s:%d ", name + 64, (int)st.st_size);
  }
  return g_string_free(list, FALSE);
}
