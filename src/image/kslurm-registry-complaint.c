/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>

#include "base/util/kslurm-error.h"
#include "image/kslurm-complaint.h"
#include "image/kslurm-registry-private.h"
#include "image/kslurm-retry.h"

static char *
dup_words(GBytes *body)
{
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data(body, &length) : NULL;
  g_autofree char *words = data != NULL ? kslurm_complaint_dup(data, (gssize)length) : NULL;

  return words != NULL ? g_strconcat(": ", words, NULL) : g_strdup("");
}

/**
 * kslurm_registry_set_complaint: (skip)
 * @host: a registry
 * @subject: what it was asked for
 * @answer: what it said, which is no success
 * @body: (nullable): what it said about that
 * @error: return location
 *
 * Returns: %FALSE
 */
gboolean
kslurm_registry_set_complaint(const char *host,
                              const char *subject,
                              const KslurmAnswer *answer,
                              GBytes *body,
                              GError **error)
{
  guint status = kslurm_answer_get_status(answer);
  g_autofree char *words = dup_words(body);

  if (status == 429) {
    KslurmRetry retry = {status, kslurm_answer_get_header(answer, "Retry-After"),
                         kslurm_answer_get_header(answer, "RateLimit-Limit"),
                         kslurm_answer_get_header(answer, "RateLimit-Remaining")};

    kslurm_retry_set_error(&retry, host, words, g_get_real_time() / G_USEC_PER_SEC, error);
  } else if (status == 401 || status == 403) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED,
                _("'%s' refuses '%s'%s; if it is not public, use 'kapp login %s'"), host,
                subject, words, host);
  } else if (status == 404) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND, _("'%s' has no '%s'%s"), host,
                subject, words);
  } else {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_FAILED, _("'%s' answered %u for '%s'%s"),
                host, status, subject, words);
  }
  return FALSE;
}
