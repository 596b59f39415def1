/* SPDX-License-Identifier: MIT */
#include "image/kslurm-trust.h"

#include <glib/gi18n-lib.h>

#include "base/util/kslurm-error.h"

/* Debian and Arch, Red Hat, SUSE, newer Red Hat, Alpine and the BSDs */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem"};

/**
 * kslurm_trust_dup_bundle: (skip)
 * @environ: (array zero-terminated=1): an environment
 *
 * Returns: (transfer full) (nullable): the file of the authorities that are trusted: what
 *   SSL_CERT_FILE names, or else the distribution's
 */
char *
kslurm_trust_dup_bundle(const char *const *environ)
{
  const char *given = g_environ_getenv((char **)environ, "SSL_CERT_FILE");

  if (given != NULL && given[0] != '\0')
    return g_strdup(given);
  for (gsize i = 0; i < G_N_ELEMENTS(bundles); i++)
    if (g_file_test(bundles[i], G_FILE_TEST_IS_REGULAR))
      return g_strdup(bundles[i]);
  return NULL;
}

/**
 * kslurm_trust_new_database: (skip)
 * @environ: (array zero-terminated=1): an environment
 * @error: return location
 *
 * Returns: (transfer full) (nullable): whom to believe, or %NULL with @error set
 */
GTlsDatabase *
kslurm_trust_new_database(const char *const *environ, GError **error)
{
  g_autofree char *bundle = kslurm_trust_dup_bundle(environ);
  GTlsDatabase *database = NULL;

  if (!g_tls_backend_supports_tls(g_tls_backend_get_default())) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED,
                        _("this machine's GLib has no TLS; install glib-networking"));
    return NULL;
  }
  if (bundle == NULL) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED,
                        _("this machine has no file of certificate authorities; install "
                          "ca-certificates or set SSL_CERT_FILE"));
    return NULL;
  }
  database = g_tls_file_database_new(bundle, error);
  if (database == NULL)
    g_prefix_error(error, _("cannot read the certificate authorities in '%s': "), bundle);
  return database;
}
