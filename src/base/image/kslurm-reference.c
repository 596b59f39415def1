/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-reference-private.h"

#include <string.h>

#define OFFICIAL "library/"

static void
clear(gpointer data)
{
  KslurmReference *reference = data;

  g_free(reference->scheme);
  g_free(reference->host);
  g_free(reference->repository);
  g_free(reference->tag);
  g_free(reference->digest);
}

/**
 * kslurm_reference_ref: (skip)
 * @reference: a reference
 *
 * Returns: (transfer full): @reference
 */
KslurmReference *
kslurm_reference_ref(KslurmReference *reference)
{
  return g_atomic_rc_box_acquire(reference);
}

/**
 * kslurm_reference_unref: (skip)
 * @reference: (transfer full): a reference
 */
void
kslurm_reference_unref(KslurmReference *reference)
{
  g_atomic_rc_box_release_full(reference, clear);
}

/* 'library/' and 'docker.io' are left out, unless what stays would read as a host */
static const char *
get_short_repository(const KslurmReference *reference)
{
  const char *repository = reference->repository;

  if (kslurm_reference_is_hub(reference) && g_str_has_prefix(repository, OFFICIAL) &&
      strchr(repository + strlen(OFFICIAL), '/') == NULL)
    return repository + strlen(OFFICIAL);
  return repository;
}

static gboolean
needs_host(const KslurmReference *reference, const char *repository)
{
  gsize first = strcspn(repository, "/");

  return !kslurm_reference_is_hub(reference) ||
         (repository[first] == '/' && kslurm_reference_looks_like_host(repository, first));
}

/**
 * kslurm_reference_dup_name: (skip)
 * @reference: a reference
 *
 * Returns: (transfer full): host and repository as people write them, without scheme, tag
 *   and digest: "busybox", "ghcr.io/org/app"
 */
char *
kslurm_reference_dup_name(const KslurmReference *reference)
{
  const char *repository = get_short_repository(reference);

  if (needs_host(reference, repository))
    return g_strconcat(reference->host, "/", repository, NULL);
  return g_strdup(repository);
}

/**
 * kslurm_reference_to_string: (skip)
 * @reference: a reference
 *
 * Returns: (transfer full): the one form that is kept and shown, with scheme and tag; it
 *   reads back as the same reference
 */
char *
kslurm_reference_to_string(const KslurmReference *reference)
{
  g_autofree char *name = kslurm_reference_dup_name(reference);
  gboolean tagged = reference->tag != NULL;
  gboolean fixed = reference->digest != NULL;

  return g_strconcat(reference->scheme, "://", name, tagged ? ":" : "",
                     tagged ? reference->tag : "", fixed ? "@" : "",
                     fixed ? reference->digest : "", NULL);
}

/**
 * kslurm_reference_equal: (skip)
 * @a: a reference
 * @b: another
 *
 * Returns: whether both name the same, a tag that was not given being 'latest'
 */
gboolean
kslurm_reference_equal(const KslurmReference *a, const KslurmReference *b)
{
  return g_str_equal(a->scheme, b->scheme) && g_str_equal(a->host, b->host) &&
         g_str_equal(a->repository, b->repository) && g_strcmp0(a->tag, b->tag) == 0 &&
         g_strcmp0(a->digest, b->digest) == 0;
}

/**
 * kslurm_reference_get_scheme: (skip)
 * @reference: a reference
 *
 * Returns: (transfer none): "docker", "oras", "https" or "http"
 */
const char *
kslurm_reference_get_scheme(const KslurmReference *reference)
{
  return reference->scheme;
}

/**
 * kslurm_reference_get_host: (skip)
 * @reference: a reference
 *
 * Returns: (transfer none): the registry in lower case, with its port when one was given
 */
const char *
kslurm_reference_get_host(const KslurmReference *reference)
{
  return reference->host;
}

/**
 * kslurm_reference_get_repository: (skip)
 * @reference: a reference
 *
 * Returns: (transfer none): the repository as the registry knows it, "library/busybox"; of
 *   a URL its path and query, without the first slash
 */
const char *
kslurm_reference_get_repository(const KslurmReference *reference)
{
  return reference->repository;
}

/**
 * kslurm_reference_get_tag: (skip)
 * @reference: a reference
 *
 * Returns: (transfer none) (nullable): the tag; %NULL when a digest was given without one,
 *   and of a URL
 */
const char *
kslurm_reference_get_tag(const KslurmReference *reference)
{
  return reference->tag;
}

/**
 * kslurm_reference_get_digest: (skip)
 * @reference: a reference
 *
 * Returns: (transfer none) (nullable): "sha256:…", which wins over the tag
 */
const char *
kslurm_reference_get_digest(const KslurmReference *reference)
{
  return reference->digest;
}

/**
 * kslurm_reference_has_implied_tag: (skip)
 * @reference: a reference
 *
 * Returns: whether the tag is 'latest' because none was given
 */
gboolean
kslurm_reference_has_implied_tag(const KslurmReference *reference)
{
  return reference->implied;
}

/**
 * kslurm_reference_is_hub: (skip)
 * @reference: a reference
 *
 * Returns: whether it is an image of docker.io
 */
gboolean
kslurm_reference_is_hub(const KslurmReference *reference)
{
  return g_str_equal(reference->scheme, "docker") &&
         g_str_equal(reference->host, KSLURM_REFERENCE_HUB);
}

/**
 * kslurm_reference_is_url: (skip)
 * @reference: a reference
 *
 * Returns: whether no registry is asked: the reference is the address of a file
 */
gboolean
kslurm_reference_is_url(const KslurmReference *reference)
{
  return g_str_has_prefix(reference->scheme, "http");
}

/**
 * kslurm_reference_is_sif: (skip)
 * @reference: a reference
 *
 * Returns: whether it names a ready SIF, with nothing to build
 */
gboolean
kslurm_reference_is_sif(const KslurmReference *reference)
{
  return !g_str_equal(reference->scheme, "docker");
}
