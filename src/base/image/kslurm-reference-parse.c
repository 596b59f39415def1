/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-reference-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"

#define MAX_TEXT 4096
#define MAX_NAME 255

static const char *const schemes[] = {"docker", "oras", "https", "http", NULL};
static const char *const hub_names[] = {"index.docker.io", "registry-1.docker.io", NULL};

static gboolean
take_digest(KslurmReference *reference, char *text, GError **error)
{
  char *at = strchr(text, '@');
  g_autofree char *shown = NULL;

  if (at == NULL)
    return TRUE;
  *at = '\0';
  if (kslurm_digest_is_valid(at + 1)) {
    reference->digest = g_strdup(at + 1);
    return TRUE;
  }
  shown = kslurm_reference_dup_shown(at + 1, -1);
  return kslurm_set_usage(error,
                          _("'%s' is no digest; that is 'sha256:' and 64 of the digits 0 "
                            "to 9 and a to f"),
                          shown);
}

/* the port of a host stands before a slash, a tag never does */
static gboolean
take_tag(KslurmReference *reference, char *text, GError **error)
{
  char *slash = strrchr(text, '/');
  char *colon = strrchr(slash != NULL ? slash : text, ':');

  reference->implied = colon == NULL && reference->digest == NULL;
  if (reference->implied)
    reference->tag = g_strdup("latest");
  if (colon == NULL)
    return TRUE;
  *colon = '\0';
  reference->tag = g_strdup(colon + 1);
  return kslurm_reference_check_tag(reference->tag, error);
}

static gboolean
take_host(KslurmReference *reference, const char **text, GError **error)
{
  gsize length = strcspn(*text, "/");
  gboolean slash = (*text)[length] == '/';
  gboolean hub = g_str_equal(reference->scheme, "docker");

  if (!hub && !slash)
    return kslurm_set_usage(error, _("the host is missing; write '%s://HOST/NAME:TAG'"),
                            reference->scheme);
  if (hub && !(slash && kslurm_reference_looks_like_host(*text, length))) {
    reference->host = g_strdup(KSLURM_REFERENCE_HUB);
    return TRUE;
  }
  reference->host = kslurm_reference_dup_host(*text, length, error);
  if (reference->host == NULL)
    return FALSE;
  if (g_strv_contains(hub_names, reference->host)) {
    g_free(reference->host);
    reference->host = g_strdup(KSLURM_REFERENCE_HUB);
  }
  *text += length + 1;
  return TRUE;
}

static gboolean
check_repository(const KslurmReference *reference, GError **error)
{
  g_auto(GStrv) components = g_strsplit(reference->repository, "/", -1);

  if (components[0] == NULL)
    return kslurm_set_usage(error, _("a part of the name is empty"));
  for (gsize i = 0; components[i] != NULL; i++)
    if (!kslurm_reference_check_component(components[i], error))
      return FALSE;
  if (strlen(reference->host) + 1 + strlen(reference->repository) > MAX_NAME)
    return kslurm_set_usage(error, _("host and name have more than %d characters"),
                            MAX_NAME);
  return TRUE;
}

/**
 * kslurm_reference_take_name: (skip)
 * @reference: a reference in the making, with its scheme
 * @text: what stands after the scheme
 * @error: return location
 *
 * Reads '[HOST[:PORT]/]NAME[:TAG][@DIGEST]'.
 *
 * Returns: whether @reference is complete
 */
gboolean
kslurm_reference_take_name(KslurmReference *reference, const char *text, GError **error)
{
  g_autofree char *rest = g_strdup(text);
  const char *name = rest;
  gboolean official = FALSE;

  if (!take_digest(reference, rest, error) || !take_tag(reference, rest, error) ||
      !take_host(reference, &name, error))
    return FALSE;
  official =
      kslurm_reference_is_hub(reference) && name[0] != '\0' && strchr(name, '/') == NULL;
  reference->repository = g_strconcat(official ? "library/" : "", name, NULL);
  return check_repository(reference, error);
}

static gboolean
refuse_scheme(const char *scheme, GError **error)
{
  g_autofree char *shown = kslurm_reference_dup_shown(scheme, -1);
  g_autofree char *lower = g_ascii_strdown(scheme, -1);

  if (scheme[0] == '\0')
    return kslurm_set_usage(error, _("nothing stands before '://'"));
  if (g_strv_contains(schemes, lower))
    return kslurm_set_usage(error, _("'%s://' is written in lower case: '%s://'"), shown,
                            lower);
  return kslurm_set_usage(error,
                          _("'%s://' is not known here; images come from 'docker://', "
                            "'oras://' and 'https://'"),
                          shown);
}

/* 'docker:24' is the image docker, 'docker:busybox:latest' a slip */
static gboolean
check_slips(const char *text, GError **error)
{
  const char *rest = strchr(text, ':');
  gsize length = rest != NULL ? (gsize)(rest - text) : 0;
  g_autofree char *word = g_strndup(text, length);

  if (text[0] == '\0')
    return kslurm_set_usage(error, _("it is empty; write one such as 'ubuntu:24.04'"));
  if (text[0] == '/' || g_str_has_prefix(text, "./") || g_str_has_prefix(text, "../") ||
      (g_str_has_suffix(text, ".sif") && strpbrk(text, ":@/") == NULL))
    return kslurm_set_usage(error, _("this is the path of a file, which apptainer and "
                                     "singularity run as it is"));
  if (rest == NULL || !g_strv_contains(schemes, word))
    return TRUE;
  rest += 1 + strspn(rest + 1, "/");
  if (text[length + 1] == '/' || strchr(rest, ':') != NULL) {
    g_autofree char *shown = kslurm_reference_dup_shown(rest, -1);

    return kslurm_set_usage(error, _("after '%s' stands '://'; write '%s://%s'"), word,
                            word, shown);
  }
  return TRUE;
}

static gboolean
take_all(KslurmReference *reference, const char *text, GError **error)
{
  const char *mark = strstr(text, "://");
  const char *rest = mark != NULL ? mark + strlen("://") : text;

  if (strlen(text) > MAX_TEXT)
    return kslurm_set_usage(error, _("it has more than %d characters"), MAX_TEXT);
  reference->scheme =
      mark != NULL ? g_strndup(text, (gsize)(mark - text)) : g_strdup("docker");
  if (!g_strv_contains(schemes, reference->scheme))
    return refuse_scheme(reference->scheme, error);
  if (mark == NULL && !check_slips(text, error))
    return FALSE;
  if (kslurm_reference_is_url(reference))
    return kslurm_reference_take_url(reference, rest, error);
  return kslurm_reference_take_name(reference, rest, error);
}

/**
 * kslurm_reference_parse: (skip)
 * @text: what a user, a workflow or a file calls an image
 * @error: return location
 *
 * Reads a reference. Nothing that is accepted can leave a folder that it is joined to, or
 * hold blanks or control characters.
 *
 * Returns: (transfer full) (nullable): the reference, or %NULL with %KSLURM_ERROR_USAGE
 */
KslurmReference *
kslurm_reference_parse(const char *text, GError **error)
{
  g_autoptr(KslurmReference) reference = g_atomic_rc_box_new0(KslurmReference);
  g_autofree char *shown = NULL;

  if (take_all(reference, text, error))
    return g_steal_pointer(&reference);
  shown = kslurm_reference_dup_shown(text, -1);
  g_prefix_error(error, _("'%s' is no image: "), shown);
  return NULL;
}
