/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "image/kslurm-auth-private.h"
#include "image/kslurm-proxies.h"
#include "image/kslurm-transport-private.h"
#include "image/kslurm-trust.h"

#define MAX_REDIRECTS 10
#define MAX_DRAIN (64 * 1024)
#define SILENCE 60
#define IDLE 30

/* gives what the proxy on the way to @address wants to see, if a password is set for it */
static char *
dup_proxy_header(SoupSession *session, const char *address)
{
  GProxyResolver *resolver = soup_session_get_proxy_resolver(session);
  g_auto(GStrv) proxies =
      resolver != NULL ? g_proxy_resolver_lookup(resolver, address, NULL, NULL) : NULL;
  g_autoptr(GUri) proxy =
      proxies != NULL && proxies[0] != NULL
          ? g_uri_parse(proxies[0], SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_HAS_PASSWORD, NULL)
          : NULL;
  const char *user = proxy != NULL ? g_uri_get_user(proxy) : NULL;
  g_autofree char *raw = user != NULL ? g_uri_unescape_string(user, NULL) : NULL;
  g_autofree char *secret = raw != NULL && g_uri_get_password(proxy) != NULL
                                ? g_uri_unescape_string(g_uri_get_password(proxy), NULL)
                                : NULL;
  KslurmCredential credential = {.user = raw, .password = secret};

  return raw != NULL ? kslurm_auth_dup_basic(&credential) : NULL;
}

/* a message to a proxy is one of http, or the CONNECT before one of https */
static void
on_queued(SoupSession *session, SoupMessage *message, gpointer data)
{
  GUri *uri = soup_message_get_uri(message);
  gboolean tunnel = g_str_equal(soup_message_get_method(message), "CONNECT");
  g_autofree char *address = g_uri_to_string(uri);
  g_autofree char *header = tunnel || g_str_equal(g_uri_get_scheme(uri), "http")
                                ? dup_proxy_header(session, address)
                                : NULL;

  if (header != NULL)
    soup_message_headers_replace(soup_message_get_request_headers(message),
                                 "Proxy-Authorization", header);
}

static SoupSession *
new_session(const KslurmTransport *transport, gboolean secure, GError **error)
{
  g_auto(GStrv) environ = g_get_environ();
  const char *const *variables = (const char *const *)environ;
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GProxyResolver) proxies = kslurm_proxies_new(variables);
  SoupSession *session = NULL;

  if (secure && (database = kslurm_trust_new_database(variables, error)) == NULL)
    return NULL;
  session = soup_session_new_with_options(
      "max-conns", (int)transport->connections, "max-conns-per-host",
      (int)transport->connections, "timeout", SILENCE, "idle-timeout", IDLE, "user-agent",
      "kslurm/" KSLURM_VERSION, "proxy-resolver", proxies, NULL);
  if (database != NULL)
    soup_session_set_tls_database(session, database);
  soup_session_remove_feature_by_type(session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type(session, SOUP_TYPE_AUTH_MANAGER);
  g_signal_connect(session, "request-queued", G_CALLBACK(on_queued), NULL);
  return session;
}

static SoupSession *
get_session(KslurmTransport *transport, gboolean secure, GError **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&transport->mutex);
  SoupSession **session = secure ? &transport->secure : &transport->plain;

  if (*session == NULL)
    *session = new_session(transport, secure, error);
  return *session;
}

static gboolean
is_same_server(GUri *a, GUri *b)
{
  return g_str_equal(g_uri_get_scheme(a), g_uri_get_scheme(b)) &&
         g_ascii_strcasecmp(g_uri_get_host(a), g_uri_get_host(b)) == 0 &&
         g_uri_get_port(a) == g_uri_get_port(b);
}

static char *
dup_authority(GUri *uri)
{
  int port = g_uri_get_port(uri);
  gboolean usual =
      port < 0 || port == (g_str_equal(g_uri_get_scheme(uri), "https") ? 443 : 80);
  gboolean bracketed = strchr(g_uri_get_host(uri), ':') != NULL;
  g_autofree char *number = usual ? g_strdup("") : g_strdup_printf(":%d", port);

  return g_strconcat(bracketed ? "[" : "", g_uri_get_host(uri), bracketed ? "]" : "",
                     number, NULL);
}

static gboolean
check_scheme(const KslurmTransport *transport,
             const KslurmAsk *ask,
             GUri *home,
             GUri *uri,
             GError **error)
{
  g_autofree char *authority = NULL;
  const char *scheme = g_uri_get_scheme(uri);

  if (g_str_equal(scheme, "https") && g_uri_get_host(uri) != NULL)
    return TRUE;
  if (!g_str_equal(scheme, "http") || g_uri_get_host(uri) == NULL) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                _("'%s' sends us to an address that is neither http nor https"),
                g_uri_get_host(home));
    return FALSE;
  }
  authority = dup_authority(uri);
  if (kslurm_transport_is_loopback(g_uri_get_host(uri)) ||
      (ask->plain && is_same_server(home, uri)) ||
      kslurm_mirrors_is_plain(transport->mirrors, authority))
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED,
              _("'%s' would be asked without TLS; if that is safe, use "
                "'kslurm config http-registries %s'"),
              authority, authority);
  return FALSE;
}

static SoupMessage *
new_message(const KslurmAsk *ask, GUri *uri, gboolean home)
{
  SoupMessage *message = soup_message_new_from_uri(ask->method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers(message);

  soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace(headers, "Accept-Encoding", "identity");
  if (ask->accept != NULL)
    soup_message_headers_replace(headers, "Accept", ask->accept);
  if (ask->authorization != NULL && home)
    soup_message_headers_replace(headers, "Authorization", ask->authorization);
  if (ask->offset > 0) {
    soup_message_headers_set_range(headers, (goffset)ask->offset, -1);
    if (ask->validator != NULL)
      soup_message_headers_replace(headers, "If-Range", ask->validator);
  }
  if (ask->form != NULL) {
    g_autoptr(GBytes) form = g_bytes_new(ask->form, strlen(ask->form));

    soup_message_set_request_body_from_bytes(message, "application/x-www-form-urlencoded",
                                             form);
  }
  return message;
}

static void
explain(GUri *uri, GError **error)
{
  g_autofree char *authority = dup_authority(uri);

  if (g_error_matches(*error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    g_prefix_error(error,
                   _("nothing here vouches for the certificate of '%s' (set SSL_CERT_FILE "
                     "if its authority is one of yours): "),
                   authority);
  else if (!g_error_matches(*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error(error, _("cannot reach '%s': "), authority);
}

static KslurmAnswer *
send_once(KslurmTransport *transport,
          const KslurmAsk *ask,
          GUri *home,
          GUri *uri,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr(GError) local = NULL;
  SoupSession *session = NULL;
  g_autoptr(SoupMessage) message = NULL;
  GInputStream *body = NULL;

  if (!check_scheme(transport, ask, home, uri, error))
    return NULL;
  session = get_session(transport, g_str_equal(g_uri_get_scheme(uri), "https"), error);
  if (session == NULL)
    return NULL;
  message = new_message(ask, uri, is_same_server(home, uri));
  body = soup_session_send(session, message, cancellable, &local);
  if (body == NULL) {
    explain(uri, &local);
    g_propagate_error(error, g_steal_pointer(&local));
    return NULL;
  }
  return kslurm_answer_new(g_steal_pointer(&message), body);
}

/* gives where the answer sends us, if it does */
static const char *
get_location(const KslurmAsk *ask, const KslurmAnswer *answer)
{
  guint status = kslurm_answer_get_status(answer);
  gboolean redirected =
      status == 301 || status == 302 || status == 303 || status == 307 || status == 308;

  if (!redirected || g_str_equal(ask->method, "POST"))
    return NULL;
  return kslurm_answer_get_header(answer, "Location");
}

/**
 * kslurm_transport_follow: (skip)
 * @transport: a transport
 * @ask: what to ask
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Asks, and goes where it is sent, once each; only the first host sees the authorization.
 *
 * Returns: (transfer full) (nullable): the last answer, or %NULL with @error set
 */
KslurmAnswer *
kslurm_transport_follow(KslurmTransport *transport,
                        const KslurmAsk *ask,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr(GUri) home = g_uri_parse(ask->url, SOUP_HTTP_URI_FLAGS, error);
  g_autoptr(GUri) uri = home != NULL ? g_uri_ref(home) : NULL;

  for (guint i = 0; uri != NULL && i <= MAX_REDIRECTS; i++) {
    g_autoptr(KslurmAnswer) answer =
        send_once(transport, ask, home, uri, cancellable, error);
    const char *location = answer != NULL ? get_location(ask, answer) : NULL;
    g_autoptr(GBytes) rest = NULL;
    GUri *next = NULL;

    if (location == NULL)
      return g_steal_pointer(&answer);
    next = g_uri_parse_relative(uri, location, SOUP_HTTP_URI_FLAGS, error);
    g_uri_unref(uri);
    uri = next;
    /* a connection whose answer is read is used again */
    rest = kslurm_answer_read(answer, MAX_DRAIN, cancellable, NULL);
  }
  if (uri != NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_FAILED,
                _("'%s' sends us on more than %d times"), g_uri_get_host(home),
                MAX_REDIRECTS);
  return NULL;
}
