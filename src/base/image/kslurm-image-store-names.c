/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-names.h"

#include <string.h>

#include "base/image/kslurm-reference-private.h"

#define SIF ".sif"
#define FIXED "@sha256-"

/**
 * kslurm_image_names_is_platform: (skip)
 * @platform: a text
 *
 * Returns: whether @platform is an architecture as images name it, with its variant or
 *   without: "arm64", "arm/v7"
 */
gboolean
kslurm_image_names_is_platform(const char *platform)
{
  gsize arch = strspn(platform, "abcdefghijklmnopqrstuvwxyz0123456789");
  const char *variant = platform + arch + (platform[arch] == '/' ? 1 : 0);
  gsize rest = strspn(variant, "abcdefghijklmnopqrstuvwxyz0123456789.");

  return arch > 0 && strlen(platform) <= 32 && variant[rest] == '\0' &&
         (platform[arch] == '\0' || (rest > 0 && variant[0] != '.'));
}

/* a colon in a path would end it in an engine's -B, so the port stands after '_' */
static char *
dup_host_folder(const KslurmReference *reference)
{
  GString *folder = g_string_new(kslurm_reference_get_scheme(reference));
  gboolean inside = FALSE;

  if (kslurm_reference_is_hub(reference))
    return g_string_free(folder, FALSE);
  g_string_append_c(folder, '+');
  for (const char *p = kslurm_reference_get_host(reference); *p != '\0'; p++) {
    if (*p == '[' || *p == ']')
      inside = *p == '[';
    g_string_append_c(folder, *p != ':' ? *p : inside ? '-' : '_');
  }
  return g_string_free(folder, FALSE);
}

static KslurmReference *
read_host_folder(const char *folder, const char *rest)
{
  const char *plus = strchr(folder, '+');
  GString *text = g_string_new(NULL);
  g_autofree char *whole = NULL;
  gboolean inside = FALSE;

  if (plus == NULL)
    g_string_append_printf(text, "%s://" KSLURM_REFERENCE_HUB, folder);
  else
    g_string_append_printf(text, "%.*s://", (int)(plus - folder), folder);
  for (const char *p = plus != NULL ? plus + 1 : ""; *p != '\0'; p++) {
    if (*p == '[' || *p == ']')
      inside = *p == '[';
    g_string_append_c(text, (*p == '-' && inside) || *p == '_' ? ':' : *p);
  }
  g_string_append_printf(text, "/%s", rest);
  whole = g_string_free(text, FALSE);
  return kslurm_reference_parse(whole, NULL);
}

/* what follows the last slash before a query is a name, and its tag after a colon */
static char *
dup_url_path(const char *repository)
{
  gsize plain = strcspn(repository, "?");
  g_autofree char *before = g_strndup(repository, plain);
  char *slash = strrchr(before, '/');
  const char *last = repository + (slash != NULL ? slash + 1 - before : 0);
  const char *colon = repository[plain] == '\0' ? strrchr(last, ':') : NULL;
  gboolean tagged = colon != NULL && colon > last && colon[1] != '\0';
  g_autofree char *name = tagged ? g_strndup(last, (gsize)(colon - last)) : g_strdup(last);
  g_autofree char *name_part = kslurm_reference_encode_part(name);
  g_autofree char *tag = tagged ? kslurm_reference_encode_part(colon + 1) : g_strdup("@");
  g_auto(GStrv) parts = NULL;
  GString *path = g_string_new(NULL);

  if (slash != NULL)
    *slash = '\0';
  parts = g_strsplit(slash != NULL ? before : "", "/", -1);
  for (gsize i = 0; parts[i] != NULL; i++) {
    g_autofree char *part = kslurm_reference_encode_part(parts[i]);

    g_string_append_printf(path, "%s/", part);
  }
  g_string_append_printf(path, "%s/%s" SIF, name_part, tag);
  return g_string_free(path, FALSE);
}

/* the older kslurm, which knew two parts, left '.sif' at the end of a repository alone */
static char *
dup_repository_path(const KslurmReference *reference)
{
  const char *repository = kslurm_reference_get_repository(reference);
  g_auto(GStrv) parts = g_strsplit(repository, "/", -1);
  gsize known = kslurm_reference_is_hub(reference) ? 2 : 0;

  for (gsize i = known; i < g_strv_length(parts); i++) {
    char *part = parts[i];

    parts[i] = kslurm_reference_encode_part(part);
    g_free(part);
  }
  return g_strjoinv("/", parts);
}

/**
 * kslurm_image_names_dup_link: (skip)
 * @reference: a reference
 * @platform: (nullable): an architecture, or %NULL for this machine's
 *
 * Returns: (transfer full): where in 'uris' the link of @reference is
 */
char *
kslurm_image_names_dup_link(const KslurmReference *reference, const char *platform)
{
  const char *digest = kslurm_reference_get_digest(reference);
  g_autofree char *folder = dup_host_folder(reference);
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  g_autofree char *other =
      platform != NULL ? g_strconcat("@", platform, NULL) : g_strdup("");

  if (kslurm_reference_is_url(reference)) {
    path = dup_url_path(kslurm_reference_get_repository(reference));
    return g_strconcat(folder, "/", path, NULL);
  }
  path = dup_repository_path(reference);
  if (digest != NULL)
    name = g_strconcat(FIXED, strchr(digest, ':') + 1, NULL);
  else
    name = g_strdup(kslurm_reference_get_tag(reference));
  return g_strconcat(folder, "/", path, "/", name, g_strdelimit(other, "/", '-'), SIF,
                     NULL);
}

/* gives "REPOSITORY:TAG" or "REPOSITORY@DIGEST" of "REPOSITORY/NAME" */
static char *
dup_repository_text(const char *path, char **platform)
{
  g_autofree char *text = g_strdup(path);
  char *name = strrchr(text, '/');
  char *at = name != NULL && name[1] != '\0' ? strchr(name + 2, '@') : NULL;

  if (name == NULL)
    return NULL;
  *name++ = '\0';
  if (at != NULL) {
    *at = '\0';
    *platform = g_strdelimit(g_strdup(at + 1), "-", '/');
  }
  if (g_str_has_prefix(name, FIXED))
    return g_strconcat(text, "@sha256:", name + strlen(FIXED), NULL);
  return g_strconcat(text, ":", name, NULL);
}

static char *
dup_url_text(const char *path)
{
  g_autofree char *text = g_strdup(path);
  char *name = strrchr(text, '/');

  if (name == NULL)
    return NULL;
  *name++ = '\0';
  return g_str_equal(name, "@") ? g_strdup(text) : g_strconcat(text, ":", name, NULL);
}

/**
 * kslurm_image_names_read_link: (skip)
 * @path: the path of a link in 'uris'
 * @platform: (out) (nullable): the architecture in its name
 *
 * Returns: (transfer full) (nullable): the reference whose link has this very name, or
 *   %NULL
 */
KslurmReference *
kslurm_image_names_read_link(const char *path, char **platform)
{
  gsize length = strlen(path);
  g_autofree char *folder = g_strndup(path, strcspn(path, "/"));
  g_autofree char *bare = NULL;
  g_autofree char *text = NULL;
  g_autofree char *same = NULL;
  g_autoptr(KslurmReference) reference = NULL;

  *platform = NULL;
  if (!g_str_has_suffix(path, SIF) || path[strlen(folder)] == '\0')
    return NULL;
  bare = g_strndup(path + strlen(folder) + 1, length - strlen(folder) - 1 - strlen(SIF));
  text = g_str_has_prefix(folder, "http") ? dup_url_text(bare)
                                          : dup_repository_text(bare, platform);
  if (text != NULL) {
    g_autofree char *decoded = kslurm_reference_decode_part(text);

    reference = decoded != NULL ? read_host_folder(folder, decoded) : NULL;
  }
  if (reference != NULL && (*platform == NULL || kslurm_image_names_is_platform(*platform)))
    same = kslurm_image_names_dup_link(reference, *platform);
  if (g_strcmp0(same, path) == 0)
    return g_steal_pointer(&reference);
  g_clear_pointer(platform, g_free);
  return NULL;
}

/**
 * kslurm_image_names_dup_ref: (skip)
 * @reference: a reference
 * @platform: (nullable): an architecture, or %NULL for this machine's
 *
 * Returns: (transfer full): the file in 'refs' that says what @reference was
 */
char *
kslurm_image_names_dup_ref(const KslurmReference *reference, const char *platform)
{
  g_autofree char *link = kslurm_image_names_dup_link(reference, platform);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, link, -1);

  return g_strdup_printf("%.32s.json", hash);
}
