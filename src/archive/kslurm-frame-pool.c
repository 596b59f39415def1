/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-frame-pool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "archive/kslurm-frames.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"

/* who reads cannot feed more, and 2 * MAX_THREADS + 1 blocks are what memory may hold */
#define MAX_THREADS 5
#define MAX_IN_FLIGHT 6
#define BLOCK_SIZE ZSTD_COMPRESSBOUND((gsize)KSLURM_FRAMES_PART_SIZE)
#define HUGE_PAGE (2u << 20)

/* a part of the tar, and then its frame, on its way to the file */
typedef struct {
  guint index;
  guint8 *data;
  gsize used;
  guint32 content;
  guint64 offset;
} Part;

struct _KslurmFramePool {
  int fd;
  char *path;
  GThreadPool *threads;
  guint max_in_flight, n_pushed; /* only the caller's thread */
  GMutex mutex;                  /* of all that follows */
  GCond changed;
  GPtrArray *blocks;          /* free memory; the last used first, as it is warm */
  GPtrArray *contexts;        /* free ZSTD_CCtx */
  Part *ready[MAX_IN_FLIGHT]; /* compressed before one that goes first */
  guint in_flight, n_placed;
  GArray *frames;
  GError *error;
};

/* the search for matches jumps about in it: large pages save a twentieth of the time */
static guint8 *
make_block(void)
{
  guint8 *block = g_aligned_alloc(1, BLOCK_SIZE, HUGE_PAGE);

  madvise(block, KSLURM_FRAMES_PART_SIZE, MADV_HUGEPAGE);
  return block;
}

static guint8 *
take_block(KslurmFramePool *pool)
{
  GPtrArray *blocks = pool->blocks;

  return blocks->len > 0 ? g_ptr_array_steal_index(blocks, blocks->len - 1) : make_block();
}

static ZSTD_CCtx *
take_context(KslurmFramePool *pool)
{
  GPtrArray *contexts = pool->contexts;
  ZSTD_CCtx *context = NULL;

  if (contexts->len > 0)
    return g_ptr_array_steal_index(contexts, contexts->len - 1);
  context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, KSLURM_FRAMES_LEVEL);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  return context;
}

static void
free_context(gpointer context)
{
  ZSTD_freeCCtx(context);
}

static void
keep_error(KslurmFramePool *pool, int saved_errno)
{
  if (pool->error == NULL)
    kslurm_set_errno(&pool->error, saved_errno, _("cannot write '%s'"), pool->path);
}

/* leaves the mutex while it writes: others may write behind it meanwhile */
static void
write_part(KslurmFramePool *pool, Part *part)
{
  int saved_errno = 0;

  if (pool->error == NULL) {
    g_mutex_unlock(&pool->mutex);
    if (!kslurm_fd_write_all_at(pool->fd, part->data, part->used, (goffset)part->offset))
      saved_errno = errno;
    /* the disk begins now, not when all is to be synced */
    sync_file_range(pool->fd, (off_t)part->offset, (off_t)part->used,
                    SYNC_FILE_RANGE_WRITE);
    g_mutex_lock(&pool->mutex);
  }
  if (saved_errno != 0)
    keep_error(pool, saved_errno);
  g_ptr_array_add(pool->blocks, part->data);
  g_free(part);
  pool->in_flight--;
  g_cond_broadcast(&pool->changed);
}

static Part *
place_next(KslurmFramePool *pool)
{
  Part **slot = &pool->ready[pool->n_placed % MAX_IN_FLIGHT];
  Part *part = g_steal_pointer(slot);
  const KslurmFrame *frame = NULL;

  if (part == NULL)
    return NULL;
  kslurm_frames_add(pool->frames, (guint32)part->used, part->content);
  frame = &g_array_index(pool->frames, KslurmFrame, pool->frames->len - 1);
  part->offset = frame->offset;
  pool->n_placed++;
  return part;
}

static void
compress_part(gpointer data, gpointer user_data)
{
  KslurmFramePool *pool = user_data;
  Part *part = data;
  ZSTD_CCtx *context = NULL;
  guint8 *frame = NULL;
  gboolean failed = FALSE;

  g_mutex_lock(&pool->mutex);
  context = take_context(pool);
  frame = take_block(pool);
  failed = pool->error != NULL;
  g_mutex_unlock(&pool->mutex);
  part->content = (guint32)part->used;
  if (!failed)
    part->used = ZSTD_compress2(context, frame, BLOCK_SIZE, part->data, part->content);
  g_mutex_lock(&pool->mutex);
  g_ptr_array_add(pool->contexts, context);
  g_ptr_array_add(pool->blocks, part->data);
  part->data = frame;
  if (ZSTD_isError(part->used)) {
    keep_error(pool, ENOMEM);
    part->used = 0;
  }
  pool->ready[part->index % MAX_IN_FLIGHT] = part;
  while ((part = place_next(pool)) != NULL)
    write_part(pool, part);
  g_mutex_unlock(&pool->mutex);
}

/**
 * kslurm_frame_pool_new: (skip)
 * @fd: an empty file; it stays the caller's
 * @path: its name, for messages
 * @workers: how many threads may compress
 *
 * Makes threads that compress parts of a tar and write them, in order, behind the place of
 * the head. However large the tar, there are a few parts in memory.
 *
 * Returns: (transfer full): the threads, to be used by one other
 */
KslurmFramePool *
kslurm_frame_pool_new(int fd, const char *path, guint workers)
{
  KslurmFramePool *pool = g_new0(KslurmFramePool, 1);
  guint threads = CLAMP(workers, 1, MAX_THREADS);

  g_mutex_init(&pool->mutex);
  g_cond_init(&pool->changed);
  pool->fd = fd;
  pool->path = g_strdup(path);
  /* exclusive ones start now: a part that no thread ever takes would be waited for */
  pool->threads = g_thread_pool_new(compress_part, pool, (int)threads, TRUE, NULL);
  pool->max_in_flight = MIN(threads + 2, MAX_IN_FLIGHT);
  pool->blocks = g_ptr_array_new_with_free_func(g_aligned_free);
  pool->contexts = g_ptr_array_new_with_free_func(free_context);
  pool->frames = g_array_new(FALSE, FALSE, sizeof(KslurmFrame));
  kslurm_frames_add(pool->frames, KSLURM_FRAMES_HEAD_SIZE, 0);
  if (g_thread_pool_get_num_threads(pool->threads) == 0)
    keep_error(pool, EAGAIN);
  return pool;
}

/**
 * kslurm_frame_pool_take: (skip)
 * @pool: threads
 * @error: return location
 *
 * Waits until another part may be begun.
 *
 * Returns: (transfer full) (nullable): room for a part, which kslurm_frame_pool_push()
 * takes back; %NULL with @error set when something has failed
 */
guint8 *
kslurm_frame_pool_take(KslurmFramePool *pool, GError **error)
{
  guint8 *block = NULL;

  g_mutex_lock(&pool->mutex);
  while (pool->in_flight >= pool->max_in_flight && pool->error == NULL)
    g_cond_wait(&pool->changed, &pool->mutex);
  if (pool->error != NULL) {
    g_propagate_error(error, g_error_copy(pool->error));
  } else {
    block = take_block(pool);
    pool->in_flight++;
  }
  g_mutex_unlock(&pool->mutex);
  return block;
}

/**
 * kslurm_frame_pool_push: (skip)
 * @pool: threads
 * @block: (transfer full): what kslurm_frame_pool_take() gave
 * @used: how many bytes it holds
 *
 * Gives a part away to be compressed and written.
 */
void
kslurm_frame_pool_push(KslurmFramePool *pool, guint8 *block, gsize used)
{
  Part *part = g_new0(Part, 1);

  part->index = pool->n_pushed++;
  part->data = block;
  part->used = used;
  g_thread_pool_push(pool->threads, part, NULL);
}

/**
 * kslurm_frame_pool_wait: (skip)
 * @pool: threads
 * @error: return location
 *
 * Waits until all parts are in the file.
 *
 * Returns: (transfer none) (nullable) (element-type KslurmFrame): the head and the frames
 * behind it, or %NULL with @error set
 */
GArray *
kslurm_frame_pool_wait(KslurmFramePool *pool, GError **error)
{
  gboolean done = FALSE;

  g_mutex_lock(&pool->mutex);
  while (pool->in_flight > 0)
    g_cond_wait(&pool->changed, &pool->mutex);
  done = pool->error == NULL;
  if (!done)
    g_propagate_error(error, g_error_copy(pool->error));
  g_mutex_unlock(&pool->mutex);
  return done ? pool->frames : NULL;
}

/**
 * kslurm_frame_pool_free: (skip)
 * @pool: (transfer full): threads
 *
 * Ends the threads; what they have not compressed yet is forgotten.
 */
void
kslurm_frame_pool_free(KslurmFramePool *pool)
{
  g_mutex_lock(&pool->mutex);
  keep_error(pool, ECANCELED);
  g_mutex_unlock(&pool->mutex);
  g_thread_pool_free(pool->threads, FALSE, TRUE);
  g_ptr_array_unref(pool->blocks);
  g_ptr_array_unref(pool->contexts);
  g_array_unref(pool->frames);
  g_clear_error(&pool->error);
  g_mutex_clear(&pool->mutex);
  g_cond_clear(&pool->changed);
  g_free(pool->path);
  g_free(pool);
}
