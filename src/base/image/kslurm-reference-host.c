/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-reference-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"

#define MAX_LABEL 63
#define MAX_PORT 65535

/**
 * kslurm_reference_looks_like_host: (skip)
 * @text: the beginning of a reference
 * @length: of the part before the first slash
 *
 * Returns: whether the part is meant as a host, by docker's rule: 'org' is none, 'ghcr.io',
 *   'localhost' and 'node:5000' are
 */
gboolean
kslurm_reference_looks_like_host(const char *text, gsize length)
{
  return memchr(text, '.', length) != NULL || memchr(text, ':', length) != NULL ||
         text[0] == '[' ||
         (length == strlen("localhost") &&
          g_ascii_strncasecmp(text, "localhost", length) == 0);
}

static gboolean
is_label(const char *label)
{
  gsize length = strlen(label);

  return length > 0 && length <= MAX_LABEL && label[0] != '-' && label[length - 1] != '-' &&
         strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* '10.0.0.256' is no name either: what ends in a number is an address, or nothing */
static gboolean
is_domain(const char *host)
{
  g_auto(GStrv) labels = g_strsplit(host, ".", -1);
  guint last = MAX(g_strv_length(labels), 1) - 1;

  if (host[0] == '\0')
    return FALSE;
  for (guint i = 0; i <= last; i++)
    if (!is_label(labels[i]))
      return FALSE;
  if (last > 0 && labels[last][strspn(labels[last], "0123456789")] == '\0')
    return g_hostname_is_ip_address(host);
  return TRUE;
}

/* a zone ('%eth0') has no place in what other machines read */
static gboolean
is_bracketed(const char *host)
{
  gsize length = strlen(host);
  g_autofree char *address = NULL;

  if (length < 4 || host[0] != '[' || host[length - 1] != ']')
    return FALSE;
  address = g_strndup(host + 1, length - 2);
  return strchr(address, ':') != NULL &&
         strspn(address, "abcdef0123456789:.") == length - 2 &&
         g_hostname_is_ip_address(address);
}

static gboolean
check_port(const char *port, GError **error)
{
  gsize length = strlen(port);
  gboolean right = length > 0 && length <= 5 && port[0] != '0' &&
                   strspn(port, "0123456789") == length &&
                   g_ascii_strtoull(port, NULL, 10) <= MAX_PORT;
  g_autofree char *shown = kslurm_reference_dup_shown(port, -1);

  return right || kslurm_set_usage(error, _("'%s' is no port: that is 1 to 65535"), shown);
}

/**
 * kslurm_reference_dup_host: (skip)
 * @text: the beginning of a reference, after its scheme
 * @length: of the part before the first slash
 * @error: return location
 *
 * Checks a host with its port.
 *
 * Returns: (transfer full) (nullable): the host in lower case, or %NULL with @error set
 */
char *
kslurm_reference_dup_host(const char *text, gsize length, GError **error)
{
  g_autofree char *whole = g_ascii_strdown(text, (gssize)length);
  g_autofree char *shown = kslurm_reference_dup_shown(text, (gssize)length);
  char *bracket = strrchr(whole, ']');
  char *colon = strchr(bracket != NULL ? bracket : whole, ':');
  g_autofree char *host =
      g_strndup(whole, colon != NULL ? (gsize)(colon - whole) : strlen(whole));

  if (!(host[0] == '[' ? is_bracketed(host) : is_domain(host))) {
    kslurm_set_usage(error, _("'%s' is no host name and no address"), shown);
    return NULL;
  }
  if (colon != NULL && !check_port(colon + 1, error))
    return NULL;
  return g_steal_pointer(&whole);
}

/**
 * kslurm_reference_is_loopback: (skip)
 * @reference: a reference
 *
 * Returns: whether its host is this machine, where plain http is harmless
 */
gboolean
kslurm_reference_is_loopback(const KslurmReference *reference)
{
  gboolean bracketed = reference->host[0] == '[';
  const char *begin = reference->host + (bracketed ? 1 : 0);
  g_autofree char *host = g_strndup(begin, strcspn(begin, bracketed ? "]" : ":"));
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

  if (address != NULL)
    return g_inet_address_get_is_loopback(address);
  return g_str_equal(host, "localhost") || g_str_has_suffix(host, ".localhost");
}
