/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>

#include "base/util/kslurm-error.h"
#include "image/kslurm-fetch-private.h"

#define BLOCK (256 * 1024)
#define TRIES 6
#define GAIN (1024 * 1024) /* after which a line that is cut is as good as new */
#define LONGEST_PAUSE_MS (30 * 1000)

typedef struct {
  KslurmFetchPartial *partial;
  guint8 *block;
  gboolean final; /* what failed is not the line */
} Pull;

static gssize
read_some(Pull *pull, GInputStream *stream, guint64 wanted, GError **error)
{
  return g_input_stream_read(stream, pull->block, (gsize)MIN(wanted, BLOCK),
                             pull->partial->source->cancellable, error);
}

static gboolean
set_cut(Pull *pull, GError **error)
{
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
              _("'%s' ends after %zu of %zu bytes"), pull->partial->blob->digest,
              (gsize)pull->partial->length, (gsize)pull->partial->blob->size);
  return FALSE;
}

static gboolean
skip(Pull *pull, GInputStream *stream, guint64 bytes, GError **error)
{
  while (bytes > 0) {
    gssize got = read_some(pull, stream, bytes, error);

    if (got <= 0)
      return got < 0 ? FALSE : set_cut(pull, error);
    bytes -= (guint64)got;
  }
  return TRUE;
}

static gboolean
copy(Pull *pull, GInputStream *stream, GError **error)
{
  KslurmFetchPartial *partial = pull->partial;
  guint64 size = partial->blob->size;

  while (partial->length < size) {
    gssize got = read_some(pull, stream, size - partial->length, error);

    if (got <= 0)
      return got < 0 ? FALSE : set_cut(pull, error);
    pull->final = !kslurm_fetch_partial_append(partial, pull->block, (gsize)got, error);
    if (pull->final)
      return FALSE;
    kslurm_fetch_count(partial->blob, partial->length, partial->blob->kept);
  }
  return TRUE;
}

static gboolean
try_once(Pull *pull, GError **error)
{
  const KslurmFetchSource *source = pull->partial->source;
  guint64 offset = pull->partial->length;
  guint64 start = offset;
  g_autoptr(GInputStream) stream = source->open(pull->partial->blob->digest, offset, &start,
                                                source->cancellable, source->data, error);

  if (stream == NULL)
    return FALSE;
  if (start > offset) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                _("the registry gives '%s' from byte %zu on, and not from %zu"),
                pull->partial->blob->digest, (gsize)start, (gsize)offset);
    /* from its begin any server can give it */
    pull->final = !kslurm_fetch_partial_empty(pull->partial, NULL);
    return FALSE;
  }
  return skip(pull, stream, offset - start, error) && copy(pull, stream, error);
}

static gboolean
wait_a_while(const KslurmFetchSource *source, guint tries, GError **error)
{
  guint pause_ms = MIN(source->retry_ms << (tries - 1), LONGEST_PAUSE_MS);
  GPollFD fd = {0};

  if (g_cancellable_make_pollfd(source->cancellable, &fd)) {
    g_poll(&fd, 1, (int)pause_ms);
    g_cancellable_release_fd(source->cancellable);
  }
  return !g_cancellable_set_error_if_cancelled(source->cancellable, error);
}

/**
 * kslurm_fetch_pull: (skip)
 * @partial: the begin of a blob
 * @error: return location
 *
 * Adds the rest of the blob, over as many lines as it takes while each brings something.
 *
 * Returns: whether all its bytes are there, right or wrong
 */
gboolean
kslurm_fetch_pull(KslurmFetchPartial *partial, GError **error)
{
  g_autofree guint8 *block = g_malloc(BLOCK);
  Pull pull = {.partial = partial, .block = block};
  guint tries = 0;

  while (partial->length < partial->blob->size) {
    g_autoptr(GError) failure = NULL;
    guint64 before = partial->length;

    if (try_once(&pull, &failure))
      continue;
    if (partial->length >= before + GAIN)
      tries = 0;
    if (pull.final || failure->domain == KSLURM_ERROR ||
        g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED) || ++tries == TRIES) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    g_info("%s", failure->message);
    if (!wait_a_while(partial->source, tries, error))
      return FALSE;
  }
  return TRUE;
}
