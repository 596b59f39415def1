/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "image/kslurm-range.h"
#include "image/kslurm-registry-private.h"

static void
release(gpointer data)
{
  kslurm_registry_unref(data);
}

/* gives where the body begins */
static gboolean
take_start(const KslurmAnswer *answer, guint64 offset, guint64 *start, GError **error)
{
  const char *range = kslurm_answer_get_header(answer, "Content-Range");

  *start = 0;
  if (kslurm_answer_get_status(answer) != 206)
    return TRUE;
  if (range != NULL && kslurm_range_parse(range, start) && *start <= offset)
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_FAILED,
              _("'%s' was asked to go on in a download, and sends another part"),
              kslurm_answer_get_host(answer));
  return FALSE;
}

/**
 * kslurm_registry_open_blob: (skip)
 * @registry: registries
 * @reference: an image, or a URL
 * @digest: (nullable): of the blob; of a URL the validator that @offset is of, or %NULL
 * @offset: where to begin
 * @start: (out): where the stream really begins, at most @offset: 0 when the server does
 *   not know ranges, has another file by now, or has less than that
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Opens a blob. What comes is to be verified by who reads it; a line that is cut is an
 * error of the stream.
 *
 * Returns: (transfer full) (nullable): the bytes, or %NULL with @error set
 */
GInputStream *
kslurm_registry_open_blob(KslurmRegistry *registry,
                          const KslurmReference *reference,
                          const char *digest,
                          guint64 offset,
                          guint64 *start,
                          GCancellable *cancellable,
                          GError **error)
{
  gboolean url = kslurm_reference_is_url(reference);
  KslurmQuery query = {.method = "GET",
                       .kind = url ? NULL : "blobs",
                       .name = url ? NULL : digest,
                       .validator = url ? digest : NULL,
                       .offset = offset};
  g_autofree char *subject = kslurm_reference_to_string(reference);
  g_autoptr(KslurmAnswer) answer =
      kslurm_registry_ask(registry, reference, &query, cancellable, error);
  GInputStream *body = NULL;

  if (answer != NULL && kslurm_answer_get_status(answer) == 416) {
    query.offset = 0;
    g_clear_pointer(&answer, kslurm_answer_free);
    answer = kslurm_registry_ask(registry, reference, &query, cancellable, error);
  }
  if (answer == NULL || !kslurm_registry_check_plain(answer, subject, error) ||
      !take_start(answer, offset, start, error))
    return NULL;
  body = g_object_ref(kslurm_answer_get_body(answer));
  g_object_set_data_full(G_OBJECT(body), "kslurm-registry", kslurm_registry_ref(registry),
                         release);
  return body;
}
