/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "image/kslurm-complaint.h"
#include "image/kslurm-registry-private.h"

/* without a token, with one, with a new one */
#define MAX_TRIES 3
#define HUB_SERVER "registry-1.docker.io"

static const char *
get_server(const char *host)
{
  return g_str_equal(host, KSLURM_REFERENCE_HUB) ? HUB_SERVER : host;
}

static gboolean
may_be_plain(const KslurmRegistry *registry, const char *host)
{
  const char *bracket = strchr(host, ']');
  g_autofree char *bare =
      g_strndup(host, bracket != NULL ? (gsize)(bracket - host + 1) : strcspn(host, ":"));

  return kslurm_transport_is_loopback(bare) ||
         kslurm_mirrors_is_plain(registry->mirrors, host);
}

/* NULL: it may be either, and has not been asked yet */
static const char *
get_scheme(KslurmRegistry *registry, const char *host)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&registry->mutex);

  if (!may_be_plain(registry, host))
    return "https";
  return g_hash_table_lookup(registry->schemes, host);
}

static void
learn_scheme(KslurmRegistry *registry, const char *host, const char *scheme)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&registry->mutex);

  g_hash_table_replace(registry->schemes, g_strdup(host), (char *)scheme);
}

static KslurmAnswer *
send_query(KslurmRegistry *registry,
           const KslurmPlace *place,
           const char *scheme,
           const KslurmQuery *query,
           const char *authorization,
           GCancellable *cancellable,
           GError **error)
{
  const char *server = get_server(place->host);
  g_autofree char *url =
      query->kind == NULL ? g_strconcat(scheme, "://", server, "/", place->repository, NULL)
                          : g_strconcat(scheme, "://", server, "/v2/", place->repository,
                                        "/", query->kind, "/", query->name, NULL);
  KslurmAsk ask = {.method = query->method,
                   .url = url,
                   .accept = query->accept,
                   .authorization = authorization,
                   .validator = query->validator,
                   .offset = query->offset,
                   .plain = g_str_equal(scheme, "http")};

  return kslurm_transport_send(registry->transport, &ask, cancellable, error);
}

/* a server of TLS answers 400 to what is not, or hangs up; a certificate that nobody
 * vouches for is one
 */
static gboolean
speaks_tls(KslurmRegistry *registry, const char *host, GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *url = g_strconcat("https://", get_server(host), "/v2/", NULL);
  KslurmAsk ask = {.method = "HEAD", .url = url};
  g_autoptr(KslurmAnswer) answer =
      kslurm_transport_send(registry->transport, &ask, cancellable, &error);

  return answer != NULL || g_error_matches(error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
}

static KslurmAnswer *
send_either(KslurmRegistry *registry,
            const KslurmPlace *place,
            const KslurmQuery *query,
            const char *authorization,
            GCancellable *cancellable,
            GError **error)
{
  const char *scheme = get_scheme(registry, place->host);
  g_autoptr(GError) local = NULL;
  KslurmAnswer *answer = NULL;

  if (scheme != NULL)
    return send_query(registry, place, scheme, query, authorization, cancellable, error);
  answer = send_query(registry, place, "http", query, NULL, cancellable, &local);
  if (answer != NULL ? kslurm_answer_get_status(answer) != 400
                     : g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
                           g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    if (answer != NULL)
      learn_scheme(registry, place->host, "http");
  } else if (speaks_tls(registry, place->host, cancellable)) {
    learn_scheme(registry, place->host, "https");
    g_clear_pointer(&answer, kslurm_answer_free);
    return send_query(registry, place, "https", query, authorization, cancellable, error);
  }
  if (answer == NULL)
    g_propagate_error(error, g_steal_pointer(&local));
  return answer;
}

static KslurmAnswer *
send_allowed(KslurmRegistry *registry,
             const KslurmPlace *place,
             const char *scheme,
             const KslurmQuery *query,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr(GError) local = NULL;

  for (guint i = 1;; i++) {
    g_autofree char *header =
        kslurm_auth_dup_header(registry->auth, place->host, place->repository);
    g_autoptr(KslurmAnswer) answer =
        scheme != NULL
            ? send_query(registry, place, scheme, query, header, cancellable, error)
            : send_either(registry, place, query, header, cancellable, error);
    g_autoptr(GBytes) rest = NULL;

    if (answer == NULL || kslurm_answer_get_status(answer) != 401 || i == MAX_TRIES)
      return g_steal_pointer(&answer);
    if (!kslurm_auth_answer(registry->auth, place->host, place->repository,
                            kslurm_answer_get_header(answer, "WWW-Authenticate"), header,
                            cancellable, &local)) {
      if (local == NULL)
        return g_steal_pointer(&answer);
      g_propagate_error(error, g_steal_pointer(&local));
      return NULL;
    }
    rest = kslurm_answer_read(answer, KSLURM_COMPLAINT_LIMIT, cancellable, NULL);
  }
}

static gboolean
is_success(const KslurmQuery *query, const KslurmAnswer *answer)
{
  guint status = kslurm_answer_get_status(answer);

  return status == 200 || status == 206 || (status == 416 && query->offset > 0) ||
         (g_str_equal(query->method, "HEAD") && (status == 405 || status == 501));
}

/* HEAD has no body, and so no words */
static GBytes *
read_words(KslurmRegistry *registry,
           const KslurmPlace *place,
           const char *scheme,
           const KslurmQuery *query,
           const KslurmAnswer *answer,
           GCancellable *cancellable)
{
  KslurmQuery again = {"GET", query->kind, query->name, query->accept, NULL, 0};
  g_autoptr(KslurmAnswer) second = NULL;
  guint status = kslurm_answer_get_status(answer);

  if (!g_str_equal(query->method, "HEAD"))
    return kslurm_answer_read(answer, KSLURM_COMPLAINT_LIMIT, cancellable, NULL);
  if (status == 429 || status >= 500)
    return NULL;
  second = send_allowed(registry, place, scheme, &again, cancellable, NULL);
  return second != NULL && !is_success(&again, second)
             ? kslurm_answer_read(second, KSLURM_COMPLAINT_LIMIT, cancellable, NULL)
             : NULL;
}

static char *
dup_subject(const KslurmPlace *place, const KslurmQuery *query)
{
  if (query->kind == NULL)
    return g_strdup(place->repository);
  return g_strconcat(place->repository, strchr(query->name, ':') != NULL ? "@" : ":",
                     query->name, NULL);
}

static KslurmAnswer *
ask_place(KslurmRegistry *registry,
          const KslurmPlace *place,
          const char *scheme,
          const KslurmQuery *query,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr(KslurmAnswer) answer =
      send_allowed(registry, place, scheme, query, cancellable, error);
  g_autofree char *subject = NULL;
  g_autoptr(GBytes) body = NULL;

  if (answer == NULL || is_success(query, answer))
    return g_steal_pointer(&answer);
  subject = dup_subject(place, query);
  body = read_words(registry, place, scheme, query, answer, cancellable);
  kslurm_registry_set_complaint(place->host, subject, answer, body, error);
  return NULL;
}

static gboolean
is_of_use(KslurmRegistry *registry, const KslurmPlace *place)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&registry->mutex);

  return !place->mirror || (g_atomic_int_get(&registry->mirrors_left) == 0 &&
                            !g_hash_table_contains(registry->silent, place->host));
}

/* what cannot be reached now is not waited for again */
static void
note_failure(KslurmRegistry *registry, const KslurmPlace *place, const GError *error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&registry->mutex);

  g_info("the mirror '%s' does not help: %s", place->host, error->message);
  if (error->domain != KSLURM_ERROR)
    g_hash_table_add(registry->silent, g_strdup(place->host));
}

static KslurmAnswer *
ask_places(KslurmRegistry *registry,
           GPtrArray *places,
           const KslurmQuery *query,
           GCancellable *cancellable,
           GError **error)
{
  for (guint i = 0; i < places->len; i++) {
    const KslurmPlace *place = places->pdata[i];
    g_autoptr(GError) local = NULL;
    KslurmAnswer *answer = NULL;

    if (!is_of_use(registry, place))
      continue;
    answer = ask_place(registry, place, NULL, query, cancellable, &local);
    if (answer != NULL && place->mirror)
      g_atomic_int_set(&registry->mirrors_used, 1);
    if (answer != NULL)
      return answer;
    if (!place->mirror || g_cancellable_is_cancelled(cancellable)) {
      g_propagate_error(error, g_steal_pointer(&local));
      return NULL;
    }
    note_failure(registry, place, local);
  }
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_DENIED,
                      _("this machine's registries.conf blocks the registry"));
  return NULL;
}

/**
 * kslurm_registry_ask: (skip)
 * @registry: registries
 * @reference: an image
 * @query: what to ask about it
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Asks the mirrors, then the registry itself; shows what each wants to see.
 *
 * Returns: (transfer full) (nullable): an answer of success; or 416 to an offset, or that
 *   HEAD is not known; else %NULL with @error set to what the last one said
 */
KslurmAnswer *
kslurm_registry_ask(KslurmRegistry *registry,
                    const KslurmReference *reference,
                    const KslurmQuery *query,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr(GPtrArray) places = NULL;

  if (kslurm_reference_is_url(reference)) {
    KslurmPlace place = {(char *)kslurm_reference_get_host(reference),
                         (char *)kslurm_reference_get_repository(reference), FALSE};

    return ask_place(registry, &place, kslurm_reference_get_scheme(reference), query,
                     cancellable, error);
  }
  places = kslurm_mirrors_list_places(registry->mirrors, reference);
  return ask_places(registry, places, query, cancellable, error);
}
