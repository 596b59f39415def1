/* SPDX-License-Identifier: MIT */
#include "image/kslurm-auth.h"

#include "image/kslurm-auth-private.h"

#define MARGIN 5 /* seconds: a token is renewed before it ends on its way */

typedef struct {
  char *header;
  gint64 until; /* by the monotonic clock, in µs; 0: it does not end */
} Pass;

struct _KslurmAuth {
  KslurmTransport *transport;
  GMutex mutex;
  GHashTable *passes; /* "HOST/REPOSITORY" → Pass */
};

static void
free_pass(gpointer data)
{
  Pass *pass = data;

  g_free(pass->header);
  g_free(pass);
}

/**
 * kslurm_auth_new: (skip)
 * @transport: connections, which live longer
 *
 * Returns: (transfer full): what knows nothing yet
 */
KslurmAuth *
kslurm_auth_new(KslurmTransport *transport)
{
  KslurmAuth *auth = g_new0(KslurmAuth, 1);

  auth->transport = transport;
  auth->passes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_pass);
  g_mutex_init(&auth->mutex);
  return auth;
}

/**
 * kslurm_auth_free: (skip)
 * @auth: (transfer full): what was learnt
 */
void
kslurm_auth_free(KslurmAuth *auth)
{
  g_hash_table_unref(auth->passes);
  g_mutex_clear(&auth->mutex);
  g_free(auth);
}

static const char *
get_header(KslurmAuth *auth, const char *key)
{
  const Pass *pass = g_hash_table_lookup(auth->passes, key);

  if (pass == NULL || (pass->until != 0 && g_get_monotonic_time() >= pass->until))
    return NULL;
  return pass->header;
}

/**
 * kslurm_auth_dup_header: (skip)
 * @auth: what was learnt
 * @host: a registry
 * @repository: a repository of it
 *
 * Returns: (transfer full) (nullable): what to show; %NULL when the registry has asked for
 *   nothing yet, or what it wants has to be got anew
 */
char *
kslurm_auth_dup_header(KslurmAuth *auth, const char *host, const char *repository)
{
  g_autofree char *key = g_strconcat(host, "/", repository, NULL);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&auth->mutex);

  return g_strdup(get_header(auth, key));
}

static Pass *
new_bearer(const char *token, gint64 life)
{
  Pass *pass = g_new0(Pass, 1);
  gint64 margin = MIN(MARGIN, life / 4);

  pass->header = g_strconcat("Bearer ", token, NULL);
  if (life > 0)
    pass->until = g_get_monotonic_time() + (life - margin) * G_USEC_PER_SEC;
  return pass;
}

/* gives NULL without an error when nothing of ours would satisfy the server */
static Pass *
get_pass(KslurmAuth *auth,
         const KslurmChallenge *challenge,
         const char *repository,
         const KslurmCredential *credential,
         GCancellable *cancellable,
         GError **error)
{
  g_autofree char *token = NULL;
  gint64 life = 0;
  Pass *pass = NULL;

  if (g_str_equal(challenge->scheme, "basic")) {
    if (credential == NULL || credential->user == NULL)
      return NULL;
    pass = g_new0(Pass, 1);
    pass->header = kslurm_auth_dup_basic(credential);
    return pass;
  }
  if (credential != NULL && credential->token != NULL)
    return new_bearer(credential->token, 0);
  token = kslurm_auth_fetch_token(auth->transport, challenge, repository, credential, &life,
                                  cancellable, error);
  return token != NULL ? new_bearer(token, life) : NULL;
}

/**
 * kslurm_auth_answer: (skip)
 * @auth: what was learnt
 * @host: a registry
 * @repository: a repository of it
 * @challenges: (nullable): its 'WWW-Authenticate' header
 * @refused: (nullable): what it was shown
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Gets what the registry wants to see, once for all workers that wait for it.
 *
 * Returns: whether there is something new to show; %FALSE without @error set when there is
 *   nothing
 */
gboolean
kslurm_auth_answer(KslurmAuth *auth,
                   const char *host,
                   const char *repository,
                   const char *challenges,
                   const char *refused,
                   GCancellable *cancellable,
                   GError **error)
{
  const char *const headers[] = {challenges != NULL ? challenges : "", NULL};
  g_autofree char *key = g_strconcat(host, "/", repository, NULL);
  g_autoptr(GPtrArray) parsed = kslurm_challenge_parse(headers);
  const KslurmChallenge *challenge = kslurm_challenge_choose(parsed);
  g_autoptr(KslurmCredential) credential = NULL;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&auth->mutex);
  const char *known = get_header(auth, key);
  Pass *pass = NULL;

  if (known != NULL && g_strcmp0(known, refused) != 0)
    return TRUE;
  if (challenge == NULL ||
      (refused != NULL && g_strcmp0(challenge->failure, "insufficient_scope") == 0) ||
      !kslurm_auth_find_credential(host, repository, &credential, cancellable, error))
    return FALSE;
  pass = get_pass(auth, challenge, repository, credential, cancellable, error);
  if (pass == NULL)
    return FALSE;
  /* the same again would be refused again */
  if (g_strcmp0(pass->header, refused) == 0) {
    free_pass(pass);
    return FALSE;
  }
  g_hash_table_replace(auth->passes, g_steal_pointer(&key), pass);
  return TRUE;
}
