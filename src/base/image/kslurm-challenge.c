/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-challenge.h"

#include <string.h>

#define MAX_HEADER (16 * 1024)
#define MAX_CHALLENGES 16

/**
 * kslurm_challenge_free: (skip)
 * @challenge: (transfer full): a challenge
 */
void
kslurm_challenge_free(KslurmChallenge *challenge)
{
  g_free(challenge->scheme);
  g_free(challenge->realm);
  g_free(challenge->service);
  g_free(challenge->scope);
  g_free(challenge->failure);
  g_free(challenge);
}

static gsize
token_length(const char *p)
{
  gsize length = 0;

  while (g_ascii_isalnum(p[length]) ||
         (p[length] != '\0' && strchr("!#$%&'*+-.^_`|~", p[length]) != NULL))
    length++;
  return length;
}

static const char *
take_quoted(const char *p, char **value)
{
  GString *text = g_string_new(NULL);

  for (p++; *p != '\0' && *p != '"'; p++) {
    if (*p == '\\' && p[1] != '\0')
      p++;
    g_string_append_c(text, *p);
  }
  *value = g_string_free(text, *p == '\0');
  return *p == '"' ? p + 1 : p;
}

/* addresses without quotes are seen, though no grammar allows them */
static const char *
take_value(const char *p, char **value)
{
  gsize length = 0;

  p += strspn(p, " \t");
  if (*p == '"')
    return take_quoted(p, value);
  length = strcspn(p, ", \t");
  *value = g_strndup(p, length);
  return p + length;
}

static gboolean
is_plain(const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isprint(*p))
      return FALSE;
  return TRUE;
}

/* of a parameter that is given twice the first counts; what is no text counts as absent */
static void
set_parameter(KslurmChallenge *challenge, const char *name, gsize length, char *value)
{
  const struct {
    const char *name;
    char **field;
  } fields[] = {{"realm", &challenge->realm},
                {"service", &challenge->service},
                {"scope", &challenge->scope},
                {"error", &challenge->failure}};

  for (gsize i = 0; value != NULL && i < G_N_ELEMENTS(fields); i++)
    if (strlen(fields[i].name) == length &&
        g_ascii_strncasecmp(fields[i].name, name, length) == 0 &&
        *fields[i].field == NULL && is_plain(value))
      *fields[i].field = g_strdup(value);
  g_free(value);
}

/* 'NAME=' goes on with the challenge before it, 'NAME' begins one */
static const char *
take_part(const char *p, GPtrArray *challenges, KslurmChallenge **current)
{
  gsize length = token_length(p);
  const char *after = p + length + strspn(p + length, " \t");
  char *value = NULL;

  if (length == 0)
    return p + strcspn(p, ",");
  if (*after != '=') {
    if (challenges->len == MAX_CHALLENGES)
      return p + strlen(p);
    *current = g_new0(KslurmChallenge, 1);
    (*current)->scheme = g_ascii_strdown(p, (gssize)length);
    g_ptr_array_add(challenges, *current);
    return p + length;
  }
  after = take_value(after + 1, &value);
  if (*current != NULL)
    set_parameter(*current, p, length, value);
  else
    g_free(value);
  return after;
}

/**
 * kslurm_challenge_parse: (skip)
 * @headers: (array zero-terminated=1): the values of all 'WWW-Authenticate' headers
 *
 * Reads challenges as they come from servers and proxies; what is none is passed over.
 *
 * Returns: (transfer full) (element-type KslurmChallenge): the challenges, in their order
 */
GPtrArray *
kslurm_challenge_parse(const char *const *headers)
{
  GPtrArray *challenges =
      g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_challenge_free);

  for (gsize i = 0; headers[i] != NULL; i++) {
    KslurmChallenge *current = NULL;
    const char *p = headers[i];

    while (*p != '\0' && strlen(headers[i]) <= MAX_HEADER) {
      p += strspn(p, ", \t");
      if (*p != '\0')
        p = take_part(p, challenges, &current);
    }
  }
  return challenges;
}

static gboolean
has_server(const KslurmChallenge *challenge)
{
  g_autoptr(GUri) uri = challenge->realm != NULL
                            ? g_uri_parse(challenge->realm, G_URI_FLAGS_NONE, NULL)
                            : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";

  return (g_str_equal(scheme, "https") || g_str_equal(scheme, "http")) &&
         g_uri_get_host(uri) != NULL && g_uri_get_host(uri)[0] != '\0' &&
         g_uri_get_userinfo(uri) == NULL && g_uri_get_fragment(uri) == NULL;
}

/**
 * kslurm_challenge_choose: (skip)
 * @challenges: (element-type KslurmChallenge): challenges
 *
 * Returns: (transfer none) (nullable): the first bearer that names its token server, else
 *   the first basic; %NULL when nothing of that kind is offered
 */
const KslurmChallenge *
kslurm_challenge_choose(const GPtrArray *challenges)
{
  const KslurmChallenge *basic = NULL;

  for (guint i = 0; i < challenges->len; i++) {
    const KslurmChallenge *challenge = challenges->pdata[i];

    if (g_str_equal(challenge->scheme, "bearer") && has_server(challenge))
      return challenge;
    if (g_str_equal(challenge->scheme, "basic") && basic == NULL)
      basic = challenge;
  }
  return basic;
}
