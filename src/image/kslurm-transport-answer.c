/* SPDX-License-Identifier: MIT */
#include "image/kslurm-transport-private.h"

struct _KslurmAnswer {
  SoupMessage *message;
  GInputStream *body;
};

/**
 * kslurm_answer_new: (skip)
 * @message: (transfer full): what was sent
 * @body: (transfer full): what came back
 *
 * Returns: (transfer full): the answer
 */
KslurmAnswer *
kslurm_answer_new(SoupMessage *message, GInputStream *body)
{
  KslurmAnswer *answer = g_new0(KslurmAnswer, 1);

  answer->message = message;
  answer->body = body;
  return answer;
}

/**
 * kslurm_answer_free: (skip)
 * @answer: (transfer full): an answer
 */
void
kslurm_answer_free(KslurmAnswer *answer)
{
  g_object_unref(answer->body);
  g_object_unref(answer->message);
  g_free(answer);
}

/**
 * kslurm_answer_get_status: (skip)
 * @answer: an answer
 *
 * Returns: the status of HTTP
 */
guint
kslurm_answer_get_status(const KslurmAnswer *answer)
{
  return soup_message_get_status(answer->message);
}

/**
 * kslurm_answer_get_host: (skip)
 * @answer: an answer
 *
 * Returns: (transfer none): who gave it, after all redirections
 */
const char *
kslurm_answer_get_host(const KslurmAnswer *answer)
{
  return g_uri_get_host(soup_message_get_uri(answer->message));
}

/**
 * kslurm_answer_get_header: (skip)
 * @answer: an answer
 * @name: of a header
 *
 * Returns: (transfer none) (nullable): its values, parted by commas
 */
const char *
kslurm_answer_get_header(const KslurmAnswer *answer, const char *name)
{
  return soup_message_headers_get_list(soup_message_get_response_headers(answer->message),
                                       name);
}

/**
 * kslurm_answer_get_length: (skip)
 * @answer: an answer
 *
 * Returns: how many bytes the body has by the server's word; 0 when it said nothing
 */
guint64
kslurm_answer_get_length(const KslurmAnswer *answer)
{
  goffset length = soup_message_headers_get_content_length(
      soup_message_get_response_headers(answer->message));

  return (guint64)MAX(length, 0);
}

/**
 * kslurm_answer_get_body: (skip)
 * @answer: an answer
 *
 * Returns: (transfer none): its body
 */
GInputStream *
kslurm_answer_get_body(const KslurmAnswer *answer)
{
  return answer->body;
}

/**
 * kslurm_answer_read: (skip)
 * @answer: an answer
 * @limit: the most bytes that are wanted
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the body, cut after @limit and one more byte, or
 *   %NULL with @error set
 */
GBytes *
kslurm_answer_read(const KslurmAnswer *answer,
                   gsize limit,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  guint8 buffer[16384];
  gssize got = 0;

  while (bytes->len <= limit &&
         (got = g_input_stream_read(answer->body, buffer,
                                    MIN(sizeof buffer, limit + 1 - bytes->len), cancellable,
                                    error)) > 0)
    g_byte_array_append(bytes, buffer, (guint)got);
  if (got < 0)
    return NULL;
  return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}
