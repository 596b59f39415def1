/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-frame-reader.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>
#include <zstd.h>

#include "archive/kslurm-frame-stream.h"
#include "archive/kslurm-frames.h"
#include "base/util/kslurm-error-private.h"

/* two are decoded while one is read and the rest is written to the disk */
#define SLOTS 5
#define MAX_THREADS 4
#define STREAM_BYTES (4u << 20)

typedef enum { SLOT_FREE, SLOT_BUSY, SLOT_READY, SLOT_TAKEN } SlotState;

typedef struct {
  KslurmFrameBytes bytes; /* first: what callers hold is the slot */
  KslurmFrameReader *reader;
  SlotState state;
  guint64 number;
  guint holders;
  GError *error;
} Slot;

struct _KslurmFrameReader {
  int fd;
  GArray *frames;
  KslurmFrameStream *stream; /* instead of frames */
  gsize room;
  GPtrArray *threads;
  GMutex mutex;
  GCond changed;
  Slot slots[SLOTS];
  guint64 claimed, taken, end;
  gboolean stop;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZSTD_DCtx, ZSTD_freeDCtx)

/* no mmap: a file that shrinks on another node must be an error, not SIGBUS */
static gboolean
read_frame(int fd, char *to, const KslurmFrame *frame, GError **error)
{
  gsize done = 0;

  while (done < frame->compressed) {
    gssize got =
        pread(fd, to + done, frame->compressed - done, (off_t)(frame->offset + done));

    if (got < 0 && errno != EINTR)
      return kslurm_set_errno(error, errno, _("cannot read"));
    if (got == 0) {
      g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                          _("it is cut short; save it again or copy it anew"));
      return FALSE;
    }
    done += got > 0 ? (gsize)got : 0;
  }
  return TRUE;
}

static gboolean
decode(KslurmFrameReader *reader, ZSTD_DCtx *context, char **input, Slot *slot)
{
  const KslurmFrame *frame = NULL;
  gsize size = 0;

  if (reader->frames == NULL)
    return kslurm_frame_stream_fill(reader->stream, slot->bytes.data, reader->room,
                                    &slot->bytes.size, &slot->error);
  frame = &g_array_index(reader->frames, KslurmFrame, slot->number);
  if (*input == NULL)
    *input = g_malloc(ZSTD_COMPRESSBOUND((gsize)KSLURM_FRAMES_PART_SIZE));
  if (!read_frame(reader->fd, *input, frame, &slot->error))
    return FALSE;
  size = ZSTD_decompressDCtx(context, slot->bytes.data, reader->room, *input,
                             frame->compressed);
  if (ZSTD_isError(size) || size != frame->decompressed) {
    g_set_error(&slot->error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("it is damaged (%s); save it again or copy it anew"),
                ZSTD_isError(size) ? ZSTD_getErrorName(size) : "size");
    return FALSE;
  }
  slot->bytes.size = size;
  return TRUE;
}

static Slot *
find_slot(KslurmFrameReader *reader, SlotState state, guint64 number)
{
  for (guint i = 0; i < SLOTS; i++)
    if (reader->slots[i].state == state &&
        (state == SLOT_FREE || reader->slots[i].number == number))
      return &reader->slots[i];
  return NULL;
}

/* frames are claimed in order, each with its slot: the next one always gets done */
static Slot *
claim(KslurmFrameReader *reader)
{
  Slot *slot = NULL;

  while (!reader->stop && reader->claimed < reader->end &&
         (slot = find_slot(reader, SLOT_FREE, 0)) == NULL)
    g_cond_wait(&reader->changed, &reader->mutex);
  if (slot == NULL)
    return NULL;
  slot->state = SLOT_BUSY;
  slot->number = reader->claimed++;
  return slot;
}

static gpointer
decode_thread(gpointer data)
{
  KslurmFrameReader *reader = data;
  g_autoptr(ZSTD_DCtx) context = ZSTD_createDCtx();
  g_autofree char *input = NULL;
  Slot *slot = NULL;

  g_mutex_lock(&reader->mutex);
  while ((slot = claim(reader)) != NULL) {
    gboolean ok = FALSE;

    g_mutex_unlock(&reader->mutex);
    if (slot->bytes.data == NULL)
      slot->bytes.data = g_malloc(reader->room);
    ok = decode(reader, context, &input, slot);
    g_mutex_lock(&reader->mutex);
    slot->state = SLOT_READY;
    if (!ok || slot->bytes.size == 0)
      reader->end = MIN(reader->end, slot->number + (ok ? 0 : 1));
    g_cond_broadcast(&reader->changed);
  }
  g_mutex_unlock(&reader->mutex);
  return NULL;
}

static KslurmFrameReader *
make(int fd, gsize room, guint64 end)
{
  KslurmFrameReader *reader = g_new0(KslurmFrameReader, 1);

  reader->fd = fd;
  reader->room = room;
  reader->end = end;
  g_mutex_init(&reader->mutex);
  g_cond_init(&reader->changed);
  reader->threads = g_ptr_array_new();
  for (guint i = 0; i < SLOTS; i++)
    reader->slots[i].reader = reader;
  return reader;
}

static void
start(KslurmFrameReader *reader, guint threads)
{
  while (reader->threads->len < threads)
    g_ptr_array_add(reader->threads, g_thread_new("kslurm-decode", decode_thread, reader));
}

/**
 * kslurm_frame_reader_new: (skip)
 * @fd: an archive; stays the caller's
 * @frames: (element-type KslurmFrame): its frames, as kslurm_frames_find() gives them
 * @threads: how many decode
 *
 * Starts to decode an archive of ours. A few frames are decoded ahead, never more.
 *
 * Returns: (transfer full): a reader
 */
KslurmFrameReader *
kslurm_frame_reader_new(int fd, GArray *frames, guint threads)
{
  KslurmFrameReader *reader = make(fd, KSLURM_FRAMES_PART_SIZE, frames->len);

  reader->frames = g_array_ref(frames);
  start(reader, CLAMP(threads, 1, MAX_THREADS));
  return reader;
}

/**
 * kslurm_frame_reader_new_stream: (skip)
 * @fd: a file that another program made; stays the caller's
 * @error: return location
 *
 * Starts to decode, on one thread, what has no table of frames.
 *
 * Returns: (transfer full) (nullable): a reader, or %NULL with @error set
 */
KslurmFrameReader *
kslurm_frame_reader_new_stream(int fd, GError **error)
{
  g_autoptr(KslurmFrameStream) stream = kslurm_frame_stream_new(fd, error);
  KslurmFrameReader *reader = NULL;

  if (stream == NULL)
    return NULL;
  reader = make(fd, STREAM_BYTES, G_MAXUINT64);
  reader->stream = g_steal_pointer(&stream);
  start(reader, 1);
  return reader;
}

/**
 * kslurm_frame_reader_next: (skip)
 * @reader: a reader
 * @error: return location
 *
 * Waits for the next decoded bytes, in the order of the archive. Bytes that the caller
 * still holds take the place of those to come: who holds all of them must not ask for more.
 *
 * Returns: (nullable): the bytes, to be released; %NULL at the end, or with @error set
 */
KslurmFrameBytes *
kslurm_frame_reader_next(KslurmFrameReader *reader, GError **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&reader->mutex);
  Slot *slot = NULL;

  while (reader->taken < reader->end &&
         (slot = find_slot(reader, SLOT_READY, reader->taken)) == NULL)
    g_cond_wait(&reader->changed, &reader->mutex);
  if (slot == NULL || slot->number >= reader->end)
    return NULL;
  if (slot->error != NULL) {
    g_propagate_error(error, g_error_copy(slot->error));
    return NULL;
  }
  reader->taken++;
  slot->state = SLOT_TAKEN;
  slot->holders = 1;
  return &slot->bytes;
}

/**
 * kslurm_frame_bytes_hold: (skip)
 * @bytes: what kslurm_frame_reader_next() gave and was not yet released
 *
 * Keeps the bytes for one more holder, on any thread.
 *
 * Returns: (transfer full): @bytes
 */
KslurmFrameBytes *
kslurm_frame_bytes_hold(KslurmFrameBytes *bytes)
{
  Slot *slot = (Slot *)bytes;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&slot->reader->mutex);

  slot->holders++;
  return bytes;
}

/**
 * kslurm_frame_bytes_release: (skip)
 * @bytes: (transfer full): what one holder no longer needs
 *
 * Gives the bytes up; after the last holder others are decoded into their place.
 */
void
kslurm_frame_bytes_release(KslurmFrameBytes *bytes)
{
  Slot *slot = (Slot *)bytes;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&slot->reader->mutex);

  if (--slot->holders == 0) {
    slot->state = SLOT_FREE;
    g_cond_broadcast(&slot->reader->changed);
  }
}

/**
 * kslurm_frame_reader_free: (skip)
 * @reader: (transfer full): a reader whose bytes nobody holds any more
 */
void
kslurm_frame_reader_free(KslurmFrameReader *reader)
{
  g_mutex_lock(&reader->mutex);
  reader->stop = TRUE;
  g_cond_broadcast(&reader->changed);
  g_mutex_unlock(&reader->mutex);
  for (guint i = 0; i < reader->threads->len; i++)
    g_thread_join(reader->threads->pdata[i]);
  g_ptr_array_unref(reader->threads);
  for (guint i = 0; i < SLOTS; i++) {
    g_free(reader->slots[i].bytes.data);
    g_clear_error(&reader->slots[i].error);
  }
  g_clear_pointer(&reader->frames, g_array_unref);
  g_clear_pointer(&reader->stream, kslurm_frame_stream_free);
  g_mutex_clear(&reader->mutex);
  g_cond_clear(&reader->changed);
  g_free(reader);
}
