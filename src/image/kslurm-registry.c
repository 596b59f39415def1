/* SPDX-License-Identifier: MIT */
#include "image/kslurm-registry.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "image/kslurm-registry-private.h"

#define DIGEST_HEADER "Docker-Content-Digest"

/**
 * kslurm_registry_new: (skip)
 * @mirrors: (transfer full) (nullable): what users and sites said of registries
 * @connections: how many blobs will be read at once
 *
 * Returns: (transfer full): the registries of one operation; nothing is asked yet
 */
KslurmRegistry *
kslurm_registry_new(KslurmMirrors *mirrors, guint connections)
{
  KslurmRegistry *registry = g_atomic_rc_box_new0(KslurmRegistry);

  registry->mirrors = mirrors != NULL ? mirrors : kslurm_mirrors_new();
  registry->transport = kslurm_transport_new(registry->mirrors, connections);
  registry->auth = kslurm_auth_new(registry->transport);
  registry->schemes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  registry->silent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  registry->seen =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  g_mutex_init(&registry->mutex);
  return registry;
}

/**
 * kslurm_registry_ref: (skip)
 * @registry: registries
 *
 * Returns: (transfer full): the same
 */
KslurmRegistry *
kslurm_registry_ref(KslurmRegistry *registry)
{
  return g_atomic_rc_box_acquire(registry);
}

static void
clear(gpointer data)
{
  KslurmRegistry *registry = data;

  kslurm_auth_free(registry->auth);
  kslurm_transport_free(registry->transport);
  kslurm_mirrors_free(registry->mirrors);
  g_hash_table_unref(registry->schemes);
  g_hash_table_unref(registry->silent);
  g_hash_table_unref(registry->seen);
  g_mutex_clear(&registry->mutex);
}

/**
 * kslurm_registry_unref: (skip)
 * @registry: (transfer full): registries; streams that are open keep them
 */
void
kslurm_registry_unref(KslurmRegistry *registry)
{
  g_atomic_rc_box_release_full(registry, clear);
}

/**
 * kslurm_registry_leave_mirrors: (skip)
 * @registry: registries
 *
 * Says that what came was not what it should be: from now on only the registries
 * themselves are asked.
 *
 * Returns: whether that changes anything, and asking again is of use
 */
gboolean
kslurm_registry_leave_mirrors(KslurmRegistry *registry)
{
  return g_atomic_int_get(&registry->mirrors_used) != 0 &&
         g_atomic_int_compare_and_exchange(&registry->mirrors_left, 0, 1);
}

/**
 * kslurm_registry_dup_accept: (skip)
 *
 * Returns: (transfer full): the kinds of manifests that are understood, always the same
 */
char *
kslurm_registry_dup_accept(void)
{
  return g_strjoinv(", ", (char **)kslurm_manifest_types);
}

/**
 * kslurm_registry_check_plain: (skip)
 * @answer: of a server
 * @subject: what was asked for
 * @error: return location
 *
 * Returns: whether the bytes are sent as they are; a digest is of these, and a Range too
 */
gboolean
kslurm_registry_check_plain(const KslurmAnswer *answer, const char *subject, GError **error)
{
  const char *coding = kslurm_answer_get_header(answer, "Content-Encoding");

  if (coding == NULL || coding[0] == '\0' || g_ascii_strcasecmp(coding, "identity") == 0)
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
              _("'%s' sends '%s' compressed on the way, though nobody asked for that; a "
                "proxy may do so"),
              kslurm_answer_get_host(answer), subject);
  return FALSE;
}

/**
 * kslurm_registry_resolve: (skip)
 * @registry: registries
 * @reference: an image of a registry
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Asks what a name means now: one request, besides what it costs to be let in.
 *
 * Returns: (transfer full) (nullable): a digest, of an index or a manifest, or %NULL with
 *   @error set
 */
char *
kslurm_registry_resolve(KslurmRegistry *registry,
                        const KslurmReference *reference,
                        GCancellable *cancellable,
                        GError **error)
{
  const char *tag = kslurm_reference_get_tag(reference);
  g_autofree char *accept = kslurm_registry_dup_accept();
  KslurmQuery query = {
      .method = "HEAD", .kind = "manifests", .name = tag, .accept = accept};
  g_autoptr(KslurmAnswer) answer = NULL;
  g_autoptr(GBytes) bytes = NULL;
  const char *given = NULL;
  char *digest = NULL;

  g_return_val_if_fail(!kslurm_reference_is_url(reference), NULL);
  if (kslurm_reference_get_digest(reference) != NULL)
    return g_strdup(kslurm_reference_get_digest(reference));
  answer = kslurm_registry_ask(registry, reference, &query, cancellable, error);
  if (answer == NULL)
    return NULL;
  given = kslurm_answer_get_header(answer, DIGEST_HEADER);
  if (kslurm_answer_get_status(answer) == 200 && given != NULL &&
      kslurm_digest_is_valid(given))
    return g_strdup(given);
  bytes = kslurm_registry_fetch(registry, reference, tag, &digest, cancellable, error);
  return digest;
}

/**
 * kslurm_registry_get_file: (skip)
 * @registry: registries
 * @reference: a URL
 * @size: (out): how many bytes the file has, or 0 when its server does not say
 * @validator: (out) (nullable): what changes when the file does, if its server says that
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Asks for a file without getting it.
 *
 * Returns: whether it is there
 */
gboolean
kslurm_registry_get_file(KslurmRegistry *registry,
                         const KslurmReference *reference,
                         guint64 *size,
                         char **validator,
                         GCancellable *cancellable,
                         GError **error)
{
  KslurmQuery query = {.method = "HEAD"};
  g_autoptr(KslurmAnswer) answer = NULL;
  const char *tag = NULL;

  g_return_val_if_fail(kslurm_reference_is_url(reference), FALSE);
  *size = 0;
  *validator = NULL;
  answer = kslurm_registry_ask(registry, reference, &query, cancellable, error);
  if (answer == NULL)
    return FALSE;
  if (kslurm_answer_get_status(answer) != 200)
    return TRUE;
  *size = kslurm_answer_get_length(answer);
  tag = kslurm_answer_get_header(answer, "ETag");
  if (tag == NULL)
    tag = kslurm_answer_get_header(answer, "Last-Modified");
  *validator = g_strdup(tag);
  return TRUE;
}
