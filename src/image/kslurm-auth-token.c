/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base/image/kslurm-image-json.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-json.h"
#include "image/kslurm-auth-private.h"
#include "image/kslurm-complaint.h"

#define MAX_ANSWER (1024 * 1024)
#define CLIENT "kslurm"

/**
 * kslurm_auth_dup_basic: (skip)
 * @credential: with a user and a password
 *
 * Returns: (transfer full): the header that shows them
 */
char *
kslurm_auth_dup_basic(const KslurmCredential *credential)
{
  const char *password = credential->password != NULL ? credential->password : "";
  g_autofree char *pair = g_strconcat(credential->user, ":", password, NULL);
  g_autofree char *encoded = g_base64_encode((const guchar *)pair, strlen(pair));

  return g_strconcat("Basic ", encoded, NULL);
}

static gboolean
is_token(const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph(*p))
      return FALSE;
  return text[0] != '\0';
}

/**
 * kslurm_auth_read_token: (skip)
 * @data: (array length=length): what a token server sent
 * @length: in bytes, or -1 when @data ends with NUL
 * @life: (out): how many seconds the token holds
 *
 * Returns: (transfer full) (nullable): the token; %NULL when there is none that could be
 *   sent on
 */
char *
kslurm_auth_read_token(const char *data, gssize length, gint64 *life)
{
  g_autoptr(JsonNode) root = kslurm_image_json_parse(data, length, MAX_ANSWER, NULL);
  JsonObject *object = root != NULL ? json_node_get_object(root) : NULL;
  const char *token = NULL, *access = NULL;
  guint64 seconds = 0;

  if (object == NULL || !kslurm_json_get_string(object, "token", &token) ||
      !kslurm_json_get_string(object, "access_token", &access))
    return NULL;
  if (token == NULL || token[0] == '\0')
    token = access;
  if (!kslurm_json_get_size(object, "expires_in", &seconds) || seconds == 0)
    seconds = KSLURM_AUTH_FALLBACK_LIFE;
  *life = (gint64)MIN(seconds, 24 * 3600);
  return token != NULL && is_token(token) ? g_strdup(token) : NULL;
}

static void
add_field(GString *query, const char *name, const char *value)
{
  g_autofree char *escaped = NULL;

  if (value == NULL || value[0] == '\0')
    return;
  escaped = g_uri_escape_string(value, NULL, FALSE);
  g_string_append_printf(query, "%s%s=%s", query->len > 0 ? "&" : "", name, escaped);
}

static GString *
make_query(const KslurmChallenge *challenge, const char *repository)
{
  GString *query = g_string_new(NULL);
  g_autofree char *scope = challenge->scope == NULL && repository != NULL
                               ? g_strconcat("repository:", repository, ":pull", NULL)
                               : g_strdup(challenge->scope);

  add_field(query, "service", challenge->service);
  add_field(query, "scope", scope);
  return query;
}

static KslurmAnswer *
send_query(KslurmTransport *transport,
           const KslurmChallenge *challenge,
           const GString *query,
           const KslurmCredential *credential,
           GCancellable *cancellable,
           GError **error)
{
  gboolean named = credential != NULL && credential->user != NULL;
  g_autofree char *basic = named ? kslurm_auth_dup_basic(credential) : NULL;
  const char *mark = strchr(challenge->realm, '?') != NULL ? "&" : "?";
  g_autofree char *url = query->len > 0
                             ? g_strconcat(challenge->realm, mark, query->str, NULL)
                             : g_strdup(challenge->realm);
  GString *form = NULL;
  g_autofree char *text = NULL;
  KslurmAsk ask = {.method = "GET", .url = url, .authorization = basic};

  if (credential != NULL && credential->identity != NULL) {
    form = g_string_new(query->str);
    add_field(form, "grant_type", "refresh_token");
    add_field(form, "client_id", CLIENT);
    add_field(form, "refresh_token", credential->identity);
    text = g_string_free(form, FALSE);
    ask = (KslurmAsk){.method = "POST", .url = challenge->realm, .form = text};
  }
  return kslurm_transport_send(transport, &ask, cancellable, error);
}

static void
set_refused(const KslurmAnswer *answer, const char *words, GError **error)
{
  guint status = kslurm_answer_get_status(answer);
  const char *host = kslurm_answer_get_host(answer);
  gboolean denied = status == 401 || status == 403 || status == 400;

  g_set_error(error, KSLURM_ERROR, denied ? KSLURM_ERROR_DENIED : KSLURM_ERROR_FAILED,
              _("'%s', which gives out tokens, answered %u%s%s"), host, status,
              words != NULL ? ": " : "", words != NULL ? words : "");
}

/**
 * kslurm_auth_fetch_token: (skip)
 * @transport: connections
 * @challenge: a bearer's
 * @repository: (nullable): what is wanted, where @challenge does not say
 * @credential: (nullable): who asks; %NULL for anybody
 * @life: (out): how many seconds the token holds
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a token, or %NULL with @error set
 */
char *
kslurm_auth_fetch_token(KslurmTransport *transport,
                        const KslurmChallenge *challenge,
                        const char *repository,
                        const KslurmCredential *credential,
                        gint64 *life,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr(GString) query = make_query(challenge, repository);
  g_autoptr(KslurmAnswer) answer =
      send_query(transport, challenge, query, credential, cancellable, error);
  g_autoptr(GBytes) bytes =
      answer != NULL ? kslurm_answer_read(answer, MAX_ANSWER, cancellable, error) : NULL;
  g_autofree char *words = NULL;
  char *token = NULL;
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;

  if (bytes == NULL)
    return NULL;
  if (kslurm_answer_get_status(answer) == 200)
    token = kslurm_auth_read_token(data, (gssize)length, life);
  else
    words = kslurm_complaint_dup(data != NULL ? data : "", (gssize)length);
  if (token == NULL)
    set_refused(answer, words, error);
  return token;
}
