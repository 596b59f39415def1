/* SPDX-License-Identifier: MIT */
#include "image/kslurm-transport.h"

#include <string.h>

#include "image/kslurm-retry.h"
#include "image/kslurm-transport-private.h"

#define MAX_DRAIN (64 * 1024)

/**
 * kslurm_transport_new: (skip)
 * @mirrors: what may be asked without TLS; lives longer
 * @connections: how many workers will ask at once
 *
 * Returns: (transfer full): a transport, which opens nothing yet
 */
KslurmTransport *
kslurm_transport_new(const KslurmMirrors *mirrors, guint connections)
{
  KslurmTransport *transport = g_new0(KslurmTransport, 1);

  /* one more each for a token and for a connection that the server has left */
  transport->connections = connections + 2;
  transport->mirrors = mirrors;
  g_mutex_init(&transport->mutex);
  return transport;
}

/**
 * kslurm_transport_free: (skip)
 * @transport: (transfer full): a transport
 */
void
kslurm_transport_free(KslurmTransport *transport)
{
  g_clear_object(&transport->plain);
  g_clear_object(&transport->secure);
  g_mutex_clear(&transport->mutex);
  g_free(transport);
}

/**
 * kslurm_transport_is_loopback: (skip)
 * @host: a host, without a port; an address of IPv6 with brackets or without
 *
 * Returns: whether it is this machine
 */
gboolean
kslurm_transport_is_loopback(const char *host)
{
  gboolean bracketed = host[0] == '[';
  g_autofree char *bare = g_strndup(host + bracketed, strcspn(host + bracketed, "]"));
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string(bare);

  if (address != NULL)
    return g_inet_address_get_is_loopback(address);
  return g_ascii_strcasecmp(bare, "localhost") == 0 || g_str_has_suffix(bare, ".localhost");
}

static gboolean
await(int milliseconds, GCancellable *cancellable, GError **error)
{
  GPollFD poll_fd;

  if (cancellable == NULL || !g_cancellable_make_pollfd(cancellable, &poll_fd)) {
    g_usleep((gulong)milliseconds * 1000);
  } else {
    g_poll(&poll_fd, 1, milliseconds);
    g_cancellable_release_fd(cancellable);
  }
  return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

static gint64
get_now(void)
{
  return g_get_real_time() / G_USEC_PER_SEC;
}

/* an answer that never came: the line was cut */
static gboolean
is_cut(const GError *error)
{
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
         g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE) ||
         g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
         g_error_matches(error, G_TLS_ERROR, G_TLS_ERROR_EOF);
}

static int
get_pause(const KslurmAnswer *answer, const GError *failure, guint attempt)
{
  KslurmRetry retry = {503, NULL, NULL, NULL};

  if (answer == NULL)
    return is_cut(failure) ? kslurm_retry_get_pause(&retry, attempt, 0) : -1;
  retry.status = kslurm_answer_get_status(answer);
  retry.retry_after = kslurm_answer_get_header(answer, "Retry-After");
  return kslurm_retry_get_pause(&retry, attempt, get_now());
}

/**
 * kslurm_transport_send: (skip)
 * @transport: a transport
 * @ask: what to ask
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Asks, follows, waits as long as it is told to within reason, and asks again.
 *
 * Returns: (transfer full) (nullable): an answer of any status, or %NULL with @error set
 */
KslurmAnswer *
kslurm_transport_send(KslurmTransport *transport,
                      const KslurmAsk *ask,
                      GCancellable *cancellable,
                      GError **error)
{
  for (guint attempt = 1;; attempt++) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GBytes) rest = NULL;
    g_autoptr(KslurmAnswer) answer =
        kslurm_transport_follow(transport, ask, cancellable, &failure);
    int pause = get_pause(answer, failure, attempt);

    if (pause < 0 && answer == NULL)
      g_propagate_error(error, g_steal_pointer(&failure));
    if (pause < 0)
      return g_steal_pointer(&answer);
    if (answer != NULL)
      rest = kslurm_answer_read(answer, MAX_DRAIN, cancellable, NULL);
    g_info("'%s' is asked again in %d ms", ask->url, pause);
    if (!await(pause, cancellable, error))
      return NULL;
  }
}
