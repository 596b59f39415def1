/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/image/kslurm-docker-config-private.h"
#include "base/image/kslurm-image-json.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-json.h"

/**
 * kslurm_credential_free: (skip)
 * @credential: (transfer full): a credential
 */
void
kslurm_credential_free(KslurmCredential *credential)
{
  g_free(credential->user);
  g_free(credential->password);
  g_free(credential->identity);
  g_free(credential->token);
  g_free(credential);
}

static gboolean
is_printable(const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph(*p))
      return FALSE;
  return TRUE;
}

static gboolean
is_base64(const char *text)
{
  gsize length =
      strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  gsize fill = strspn(text + length, "=");

  return text[length + fill] == '\0' && fill <= 2 && (length + fill) % 4 == 0;
}

/* docker cuts NULs off the end: some old versions wrote them */
static gboolean
read_auth(const char *auth, KslurmCredential *credential)
{
  gsize length = 0;
  g_autofree guchar *bytes = is_base64(auth) ? g_base64_decode(auth, &length) : NULL;
  g_autofree char *text = NULL;
  char *colon = NULL;

  if (bytes == NULL)
    return FALSE;
  while (length > 0 && bytes[length - 1] == '\0')
    length--;
  text = g_strndup((const char *)bytes, length);
  colon = strchr(text, ':');
  if (strlen(text) != length || colon == NULL || colon == text)
    return FALSE;
  *colon = '\0';
  credential->user = g_strdup(text);
  credential->password = g_strdup(colon + 1);
  return TRUE;
}

static gboolean
take_token(JsonObject *entry, const char *name, char **value)
{
  const char *text = NULL;

  if (!kslurm_json_get_string(entry, name, &text) || (text != NULL && !is_printable(text)))
    return FALSE;
  *value = text != NULL && text[0] != '\0' ? g_strdup(text) : NULL;
  return TRUE;
}

/**
 * kslurm_credential_read: (skip)
 * @entry: of a file's 'auths'
 * @credential: takes what is in it
 *
 * Returns: whether @entry, if anything is in it, is whole
 */
gboolean
kslurm_credential_read(JsonObject *entry, KslurmCredential *credential)
{
  const char *auth = NULL, *user = NULL, *password = NULL;

  if (!take_token(entry, "identitytoken", &credential->identity) ||
      !take_token(entry, "registrytoken", &credential->token) ||
      !kslurm_json_get_string(entry, "auth", &auth) ||
      !kslurm_json_get_string(entry, "username", &user) ||
      !kslurm_json_get_string(entry, "password", &password))
    return FALSE;
  if (auth != NULL && auth[0] != '\0')
    return read_auth(auth, credential);
  if (user != NULL && user[0] != '\0' && password != NULL) {
    credential->user = g_strdup(user);
    credential->password = g_strdup(password);
  }
  return TRUE;
}

/**
 * kslurm_credential_from_helper: (skip)
 * @data: (array length=length): what a 'docker-credential-' program wrote
 * @length: in bytes, or -1 when @data ends with NUL
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the credential, or %NULL with @error set
 */
KslurmCredential *
kslurm_credential_from_helper(const char *data, gssize length, GError **error)
{
  g_autoptr(JsonNode) root =
      kslurm_image_json_parse(data, length, KSLURM_DOCKER_CONFIG_LIMIT, error);
  g_autoptr(KslurmCredential) credential = NULL;
  const char *user = NULL, *secret = NULL;
  JsonObject *object = NULL;

  if (root == NULL)
    return NULL;
  object = json_node_get_object(root);
  credential = g_new0(KslurmCredential, 1);
  if (!kslurm_json_get_string(object, "Username", &user) ||
      !kslurm_json_get_string(object, "Secret", &secret) || user == NULL ||
      secret == NULL || (g_str_equal(user, "<token>") && !is_printable(secret))) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                        _("the credential helper's answer is none"));
    return NULL;
  }
  if (g_str_equal(user, "<token>")) {
    credential->identity = g_strdup(secret);
  } else {
    credential->user = g_strdup(user);
    credential->password = g_strdup(secret);
  }
  return g_steal_pointer(&credential);
}
