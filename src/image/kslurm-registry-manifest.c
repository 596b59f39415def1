/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <nettle/sha2.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "image/kslurm-registry-private.h"

/**
 * kslurm_registry_manifest_free: (skip)
 * @manifest: (transfer full): a manifest
 */
void
kslurm_registry_manifest_free(KslurmRegistryManifest *manifest)
{
  g_free(manifest->digest);
  g_bytes_unref(manifest->data);
  kslurm_manifest_free(manifest->manifest);
  g_free(manifest);
}

static char *
dup_digest(GBytes *bytes)
{
  GString *digest = g_string_new("sha256:");
  struct sha256_ctx context;
  guint8 hash[SHA256_DIGEST_SIZE];

  sha256_init(&context);
  sha256_update(&context, g_bytes_get_size(bytes), g_bytes_get_data(bytes, NULL));
  sha256_digest(&context, sizeof hash, hash);
  for (gsize i = 0; i < sizeof hash; i++)
    g_string_append_printf(digest, "%02x", hash[i]);
  return g_string_free(digest, FALSE);
}

static GBytes *
read_manifest(const KslurmAnswer *answer,
              const char *subject,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr(GBytes) bytes = NULL;

  if (!kslurm_registry_check_plain(answer, subject, error))
    return NULL;
  if (kslurm_answer_get_length(answer) <= KSLURM_MANIFEST_LIMIT) {
    bytes = kslurm_answer_read(answer, KSLURM_MANIFEST_LIMIT, cancellable, error);
    if (bytes == NULL) {
      g_prefix_error(error, _("cannot read the manifest of '%s': "), subject);
      return NULL;
    }
  }
  if (bytes != NULL && g_bytes_get_size(bytes) <= KSLURM_MANIFEST_LIMIT)
    return g_steal_pointer(&bytes);
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
              _("the manifest of '%s' is larger than %d MB, which none is"), subject,
              KSLURM_MANIFEST_LIMIT / 1024 / 1024);
  return NULL;
}

static GBytes *
look_up(KslurmRegistry *registry, const char *digest)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&registry->mutex);
  GBytes *bytes = g_hash_table_lookup(registry->seen, digest);

  return bytes != NULL ? g_bytes_ref(bytes) : NULL;
}

static void
remember(KslurmRegistry *registry, const char *digest, GBytes *bytes)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&registry->mutex);

  g_hash_table_replace(registry->seen, g_strdup(digest), g_bytes_ref(bytes));
}

/**
 * kslurm_registry_fetch: (skip)
 * @registry: registries
 * @reference: an image
 * @name: the manifest's tag or digest
 * @digest: (out): what it has; when @name is a digest, this one
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Gets a manifest, once: what was got by its tag is there under its digest.
 *
 * Returns: (transfer full) (nullable): its bytes, or %NULL with @error set
 */
GBytes *
kslurm_registry_fetch(KslurmRegistry *registry,
                      const KslurmReference *reference,
                      const char *name,
                      char **digest,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *accept = kslurm_registry_dup_accept();
  KslurmQuery query = {
      .method = "GET", .kind = "manifests", .name = name, .accept = accept};
  g_autofree char *subject = kslurm_reference_to_string(reference);
  g_autoptr(KslurmAnswer) answer = NULL;
  g_autofree char *found = NULL;
  g_autoptr(GBytes) bytes = look_up(registry, name);

  *digest = NULL;
  if (bytes == NULL) {
    answer = kslurm_registry_ask(registry, reference, &query, cancellable, error);
    bytes = answer != NULL ? read_manifest(answer, subject, cancellable, error) : NULL;
  }
  if (bytes == NULL)
    return NULL;
  found = dup_digest(bytes);
  if (kslurm_digest_is_valid(name) && !g_str_equal(found, name)) {
    if (kslurm_registry_leave_mirrors(registry))
      return kslurm_registry_fetch(registry, reference, name, digest, cancellable, error);
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("'%s' sent another manifest than '%s'; it has the digest '%s'"),
                kslurm_answer_get_host(answer), name, found);
    return NULL;
  }
  remember(registry, found, bytes);
  *digest = g_steal_pointer(&found);
  return g_steal_pointer(&bytes);
}

static const char *
get_own_platform(void)
{
#if defined(__x86_64__)
  return "amd64";
#elif defined(__aarch64__)
  return "arm64";
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
  return "ppc64le";
#elif defined(__s390x__)
  return "s390x";
#elif defined(__riscv) && __riscv_xlen == 64
  return "riscv64";
#elif defined(__i386__)
  return "386";
#elif defined(__arm__)
  return "arm/v7";
#else
  return "unknown";
#endif
}

/* what is asked for, once for each call of the image's manifest */
typedef struct {
  KslurmRegistry *registry;
  const KslurmReference *reference;
  const char *platform;
  GCancellable *cancellable;
} Search;

static KslurmRegistryManifest *
open_manifest(const Search *search, const char *digest, GError **error)
{
  g_autofree char *found = NULL;
  g_autoptr(GBytes) bytes = kslurm_registry_fetch(
      search->registry, search->reference, digest, &found, search->cancellable, error);
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;
  KslurmManifest *manifest =
      bytes != NULL ? kslurm_manifest_parse(data, (gssize)length, NULL, error) : NULL;
  KslurmRegistryManifest *opened = NULL;

  if (manifest == NULL)
    return NULL;
  opened = g_new0(KslurmRegistryManifest, 1);
  opened->digest = g_steal_pointer(&found);
  opened->data = g_steal_pointer(&bytes);
  opened->manifest = manifest;
  return opened;
}

static KslurmRegistryManifest *
find_image(const Search *search, const char *digest, guint depth, GError **error)
{
  g_autoptr(KslurmRegistryManifest) opened = open_manifest(search, digest, error);
  g_autoptr(GPtrArray) targets = NULL;

  if (opened == NULL || !kslurm_manifest_is_index(opened->manifest))
    return g_steal_pointer(&opened);
  targets = kslurm_manifest_choose(opened->manifest, search->platform, error);
  for (guint i = 0; targets != NULL && i < targets->len; i++) {
    const KslurmDescriptor *target = targets->pdata[i];
    g_autoptr(GError) local = NULL;
    KslurmRegistryManifest *image =
        depth < KSLURM_MANIFEST_DEPTH
            ? find_image(search, target->digest, depth + 1, &local)
            : NULL;

    if (image != NULL)
      return image;
    if (local == NULL)
      g_set_error_literal(&local, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                          _("the image is an index in an index in an index, and so on"));
    if (i + 1 == targets->len ||
        !g_error_matches(local, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND)) {
      g_propagate_error(error, g_steal_pointer(&local));
      return NULL;
    }
  }
  return NULL;
}

/**
 * kslurm_registry_get_manifest: (skip)
 * @registry: registries
 * @reference: an image of a registry
 * @digest: what kslurm_registry_resolve() gave for it
 * @platform: (nullable): an architecture, with a variant or without, or %NULL for this
 *   machine's
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Gets the manifest; of an index the one for @platform, which may be in an index below.
 *
 * Returns: (transfer full) (nullable): a manifest of an image, or %NULL with @error set:
 *   %KSLURM_ERROR_CORRUPT when the bytes do not have the digest
 */
KslurmRegistryManifest *
kslurm_registry_get_manifest(KslurmRegistry *registry,
                             const KslurmReference *reference,
                             const char *digest,
                             const char *platform,
                             GCancellable *cancellable,
                             GError **error)
{
  Search search = {registry, reference, platform != NULL ? platform : get_own_platform(),
                   cancellable};

  return find_image(&search, digest, 0, error);
}
