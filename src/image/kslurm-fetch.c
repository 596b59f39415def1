/* SPDX-License-Identifier: MIT */
#include "image/kslurm-fetch.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/image/kslurm-descriptor.h"
#include "base/util/kslurm-error-private.h"
#include "image/kslurm-fetch-private.h"

#define WORKERS 4
#define RETRY_MS 500
#define LOG_US (10 * G_USEC_PER_SEC)

struct _KslurmFetch {
  KslurmFetchSource source;
  KslurmProgress *progress;
  GPtrArray *blobs; /* KslurmFetchBlob */
  GThreadPool *threads;
  GCancellable *outer;
  gulong handler;
  GMutex mutex; /* of each blob's done, and of the error */
  GCond changed;
  GError *error; /* the first one, which ends all */
};

static void
blob_free(gpointer data)
{
  KslurmFetchBlob *blob = data;

  g_free(blob->digest);
  g_free(blob->path);
  kslurm_progress_free(blob->part);
  g_free(blob);
}

static KslurmFetchBlob *
find_blob(KslurmFetch *fetch, const char *digest)
{
  for (guint i = 0; i < fetch->blobs->len; i++) {
    KslurmFetchBlob *blob = fetch->blobs->pdata[i];

    if (g_str_equal(blob->digest, digest))
      return blob;
  }
  return NULL;
}

static gboolean
add_blob(KslurmFetch *fetch,
         const KslurmImageStore *store,
         const KslurmDescriptor *descriptor,
         GError **error)
{
  KslurmFetchBlob *blob = find_blob(fetch, descriptor->digest);

  if (!kslurm_digest_is_valid(descriptor->digest) || descriptor->size > G_MAXINT64 ||
      (blob != NULL && blob->size != descriptor->size)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("the manifest names no blob by '%s'"), descriptor->digest);
    return FALSE;
  }
  if (blob != NULL)
    return TRUE;
  blob = g_new0(KslurmFetchBlob, 1);
  blob->digest = g_strdup(descriptor->digest);
  blob->hex = strchr(blob->digest, ':') + 1;
  blob->size = descriptor->size;
  blob->path = kslurm_image_store_dup_blob(store, blob->digest);
  blob->part = kslurm_progress_new();
  blob->whole = fetch->progress;
  g_ptr_array_add(fetch->blobs, blob);
  return TRUE;
}

static void
fetch_thread(gpointer data, gpointer user_data)
{
  KslurmFetchBlob *blob = data;
  KslurmFetch *fetch = user_data;
  g_autoptr(GError) error = NULL;
  gboolean done = kslurm_fetch_run(&fetch->source, blob, &error);

  kslurm_progress_end(blob->part);
  g_mutex_lock(&fetch->mutex);
  blob->done = done;
  if (!done && fetch->error == NULL)
    fetch->error = g_steal_pointer(&error);
  g_cond_broadcast(&fetch->changed);
  g_mutex_unlock(&fetch->mutex);
  if (!done)
    g_cancellable_cancel(fetch->source.cancellable);
}

static void
on_cancelled(GCancellable *outer, gpointer data)
{
  g_cancellable_cancel(data);
}

/* what is there already costs no thread */
static gboolean
look_for_blobs(KslurmFetch *fetch, GError **error)
{
  g_autoptr(GPtrArray) missing = g_ptr_array_new();

  for (guint i = 0; i < fetch->blobs->len; i++) {
    KslurmFetchBlob *blob = fetch->blobs->pdata[i];

    if (!kslurm_fetch_is_there(blob, &blob->done, error))
      return FALSE;
    if (!blob->done)
      g_ptr_array_add(missing, blob);
  }
  return kslurm_fetch_check_space(fetch->source.work, missing, error);
}

static void
start(KslurmFetch *fetch, const KslurmFetchSetup *setup)
{
  guint workers = setup->workers > 0 ? setup->workers : WORKERS;

  fetch->threads = g_thread_pool_new(fetch_thread, fetch, (int)workers, TRUE, NULL);
  kslurm_progress_set_log(fetch->progress, LOG_US);
  for (guint i = 0; i < fetch->blobs->len; i++) {
    KslurmFetchBlob *blob = fetch->blobs->pdata[i];

    kslurm_progress_add_part(fetch->progress, blob->part);
    if (!blob->done)
      g_thread_pool_push(fetch->threads, blob, NULL);
  }
}

static gboolean
read_blobs(KslurmFetch *fetch,
           const KslurmFetchSetup *setup,
           GPtrArray *blobs,
           GError **error)
{
  guint64 size = 0;

  for (guint i = 0; i < blobs->len; i++) {
    if (!add_blob(fetch, setup->store, blobs->pdata[i], error))
      return FALSE;
  }
  for (guint i = 0; i < fetch->blobs->len; i++) {
    const KslurmFetchBlob *blob = fetch->blobs->pdata[i];

    size += MIN(blob->size, G_MAXUINT64 - size);
  }
  kslurm_progress_begin(fetch->progress, setup->label, size, 0);
  return TRUE;
}

/**
 * kslurm_fetch_new: (skip)
 * @setup: what to do, of which the store, @open's data and the progress must outlive this
 * @blobs: (element-type KslurmDescriptor): the blobs, in the order in which to begin
 * @cancellable: (nullable): cancels all
 * @error: return location
 *
 * Begins to fetch the blobs that the store has not, when the disk has room for them. The
 * first that fails ends all. A blob of which a killed or cancelled run left a part is
 * continued, and one that another process fetches is waited for.
 *
 * Returns: (transfer full) (nullable): the downloads, or %NULL with @error set
 */
KslurmFetch *
kslurm_fetch_new(const KslurmFetchSetup *setup,
                 GPtrArray *blobs,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr(KslurmFetch) fetch = g_new0(KslurmFetch, 1);
  g_autofree char *folder = kslurm_image_store_dup_path(setup->store, "blobs/sha256");

  g_mutex_init(&fetch->mutex);
  g_cond_init(&fetch->changed);
  fetch->blobs = g_ptr_array_new_with_free_func(blob_free);
  fetch->progress = setup->progress;
  fetch->source.work = kslurm_image_store_dup_path(setup->store, "work");
  fetch->source.open = setup->open;
  fetch->source.data = setup->data;
  fetch->source.retry_ms = setup->retry_ms > 0 ? setup->retry_ms : RETRY_MS;
  fetch->source.cancellable = g_cancellable_new();
  if (!kslurm_image_store_prepare(setup->store, error) ||
      !read_blobs(fetch, setup, blobs, error))
    return NULL;
  kslurm_fetch_tidy(fetch->source.work, folder);
  if (!look_for_blobs(fetch, error))
    return NULL;
  if (cancellable != NULL) {
    fetch->outer = g_object_ref(cancellable);
    fetch->handler = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled),
                                           fetch->source.cancellable, NULL);
  }
  start(fetch, setup);
  return g_steal_pointer(&fetch);
}

/**
 * kslurm_fetch_wait: (skip)
 * @fetch: downloads
 * @digest: of one of the blobs
 * @error: return location
 *
 * Waits until the store has the blob, or any of them failed. From any thread.
 *
 * Returns: whether the store has it
 */
gboolean
kslurm_fetch_wait(KslurmFetch *fetch, const char *digest, GError **error)
{
  KslurmFetchBlob *blob = find_blob(fetch, digest);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&fetch->mutex);

  if (blob == NULL) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND, _("nobody fetches '%s'"),
                digest);
    return FALSE;
  }
  while (!blob->done && fetch->error == NULL)
    g_cond_wait(&fetch->changed, &fetch->mutex);
  if (!blob->done && error != NULL)
    *error = g_error_copy(fetch->error);
  return blob->done;
}

/**
 * kslurm_fetch_wait_all: (skip)
 * @fetch: downloads
 * @error: return location
 *
 * Returns: whether the store has all the blobs, after waiting for them
 */
gboolean
kslurm_fetch_wait_all(KslurmFetch *fetch, GError **error)
{
  for (guint i = 0; i < fetch->blobs->len; i++) {
    const KslurmFetchBlob *blob = fetch->blobs->pdata[i];

    if (!kslurm_fetch_wait(fetch, blob->digest, error))
      return FALSE;
  }
  return TRUE;
}

/**
 * kslurm_fetch_free: (skip)
 * @fetch: (transfer full): downloads; those that still run are cancelled, and their parts
 *   kept for the next run
 */
void
kslurm_fetch_free(KslurmFetch *fetch)
{
  if (fetch->outer != NULL)
    g_cancellable_disconnect(fetch->outer, fetch->handler);
  g_cancellable_cancel(fetch->source.cancellable);
  if (fetch->threads != NULL)
    g_thread_pool_free(fetch->threads, FALSE, TRUE);
  kslurm_progress_drop_parts(fetch->progress);
  kslurm_progress_end(fetch->progress);
  g_clear_object(&fetch->outer);
  g_clear_object(&fetch->source.cancellable);
  g_clear_error(&fetch->error);
  g_ptr_array_unref(fetch->blobs);
  g_mutex_clear(&fetch->mutex);
  g_cond_clear(&fetch->changed);
  g_free(fetch->source.work);
  g_free(fetch);
}
