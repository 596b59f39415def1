/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-manifest.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "base/util/kslurm-error.h"

#define NOT_OURS G_MAXINT

/**
 * kslurm_manifest_get_size: (skip)
 * @manifest: of an image
 *
 * Returns: how many bytes its layers have, as they are downloaded
 */
guint64
kslurm_manifest_get_size(const KslurmManifest *manifest)
{
  guint64 size = 0;

  for (guint i = 0; i < manifest->layers->len; i++)
    size += ((const KslurmDescriptor *)manifest->layers->pdata[i])->size;
  return size;
}

/**
 * kslurm_layer_kind: (skip)
 * @type: a layer's media type
 *
 * Returns: what @type promises; the layer's own first bytes know better
 */
KslurmLayerKind
kslurm_layer_kind(const char *type)
{
  static const struct {
    const char *type;
    KslurmLayerKind kind;
  } kinds[] = {
      {"application/vnd.docker.image.rootfs.diff.tar", KSLURM_LAYER_TAR},
      {"application/vnd.docker.image.rootfs.diff.tar.gzip", KSLURM_LAYER_GZIP},
      {"application/vnd.docker.image.rootfs.diff.tar.zstd", KSLURM_LAYER_ZSTD},
      {"application/vnd.docker.image.rootfs.foreign.diff.tar", KSLURM_LAYER_TAR},
      {"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", KSLURM_LAYER_GZIP},
      {"application/vnd.oci.image.layer.v1.tar", KSLURM_LAYER_TAR},
      {"application/vnd.oci.image.layer.v1.tar+gzip", KSLURM_LAYER_GZIP},
      {"application/vnd.oci.image.layer.v1.tar+zstd", KSLURM_LAYER_ZSTD},
      {"application/vnd.oci.image.layer.nondistributable.v1.tar", KSLURM_LAYER_TAR},
      {"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", KSLURM_LAYER_GZIP},
      {"application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", KSLURM_LAYER_ZSTD},
      {"application/vnd.sylabs.sif.layer.v1.sif", KSLURM_LAYER_SIF},
      {"application/vnd.sylabs.sif.layer.tar", KSLURM_LAYER_SIF},
      {"appliciation/vnd.sylabs.sif.layer.tar", KSLURM_LAYER_SIF}};

  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_str_equal(type, kinds[i].type))
      return kinds[i].kind;
  return KSLURM_LAYER_UNKNOWN;
}

/* 'v8.1' is later than 'v8'; what is no such number is as the first */
static int
read_variant(const char *variant)
{
  char *end = NULL;
  guint64 major = 0, minor = 0;

  if (variant[0] != 'v' || !g_ascii_isdigit(variant[1]))
    return 0;
  major = g_ascii_strtoull(variant + 1, &end, 10);
  if (*end == '.')
    minor = g_ascii_strtoull(end + 1, NULL, 10);
  return (int)(MIN(major, 1000) * 1000 + MIN(minor, 999));
}

static int
get_default_variant(const char *arch)
{
  if (g_str_equal(arch, "arm64"))
    return read_variant("v8");
  if (g_str_equal(arch, "arm"))
    return read_variant("v7");
  return read_variant("v1");
}

/* how far from what is wanted; what is newer than the machine does not run there */
static int
rank(const KslurmManifestEntry *entry, const char *arch, const char *variant)
{
  int wanted = variant != NULL ? read_variant(variant) : get_default_variant(arch);
  int given =
      entry->variant[0] != '\0' ? read_variant(entry->variant) : get_default_variant(arch);

  if (!g_str_equal(entry->arch, arch) ||
      (entry->os[0] != '\0' && !g_str_equal(entry->os, "linux")) || given > wanted)
    return NOT_OURS;
  return wanted - given;
}

static gboolean
says_nothing(const KslurmManifestEntry *entry)
{
  return entry->arch[0] == '\0' && entry->os[0] == '\0';
}

/* an index that was not said to be for anything may hold anything */
static gboolean
may_hold(const KslurmManifestEntry *entry, guint count)
{
  const char *type = entry->target->type;

  return says_nothing(entry) && (g_str_equal(type, kslurm_manifest_types[0]) ||
                                 g_str_equal(type, kslurm_manifest_types[1]) || count == 1);
}

static void
set_missing(const KslurmManifest *manifest, const char *platform, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *list = NULL;

  for (guint i = 0; i < manifest->entries->len; i++) {
    const KslurmManifestEntry *entry = manifest->entries->pdata[i];
    gboolean varied = entry->variant[0] != '\0';
    gboolean foreign = entry->os[0] != '\0' && !g_str_equal(entry->os, "linux");
    g_autofree char *name =
        g_strconcat(foreign ? entry->os : "", foreign ? "/" : "", entry->arch,
                    varied ? "/" : "", entry->variant, NULL);

    if (entry->arch[0] != '\0' && !g_str_equal(entry->arch, "unknown") &&
        !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
      g_ptr_array_add(names, g_steal_pointer(&name));
  }
  g_ptr_array_add(names, NULL);
  list = g_strjoinv(", ", (char **)names->pdata);
  if (names->len > 1)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("the image is not made for '%s'; it is there for: %s"), platform, list);
  else
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("the image is not made for '%s'"), platform);
}

typedef struct {
  const KslurmManifestEntry *entry;
  int rank;
  guint place;
} Choice;

static int
compare(gconstpointer a, gconstpointer b)
{
  const Choice *first = a, *second = b;

  if (first->rank != second->rank)
    return first->rank < second->rank ? -1 : 1;
  return first->place < second->place ? -1 : 1;
}

/**
 * kslurm_manifest_choose: (skip)
 * @manifest: an index
 * @platform: an architecture, with a variant or without: "arm64", "arm/v7"
 * @error: return location
 *
 * Chooses by platform: the variant that is wanted, or the nearest older one; then indexes
 * that may hold it, to be looked into one after the other.
 *
 * Returns: (transfer container) (nullable) (element-type KslurmDescriptor): what to try, in
 *   order, or %NULL with %KSLURM_ERROR_NOT_FOUND
 */
GPtrArray *
kslurm_manifest_choose(const KslurmManifest *manifest, const char *platform, GError **error)
{
  g_auto(GStrv) parts = g_strsplit(platform, "/", 2);
  const char *arch = parts[0] != NULL ? parts[0] : "";
  g_autoptr(GArray) choices = g_array_new(FALSE, FALSE, sizeof(Choice));
  g_autoptr(GPtrArray) targets = g_ptr_array_new();

  for (guint i = 0; i < manifest->entries->len; i++) {
    const KslurmManifestEntry *entry = manifest->entries->pdata[i];
    Choice choice = {entry, rank(entry, arch, arch[0] != '\0' ? parts[1] : NULL), i};

    if (choice.rank == NOT_OURS && may_hold(entry, manifest->entries->len))
      choice.rank = NOT_OURS - 1;
    if (choice.rank != NOT_OURS)
      g_array_append_val(choices, choice);
  }
  g_array_sort(choices, compare);
  for (guint i = 0; i < choices->len; i++)
    g_ptr_array_add(targets, g_array_index(choices, Choice, i).entry->target);
  if (targets->len > 0)
    return g_steal_pointer(&targets);
  set_missing(manifest, platform, error);
  return NULL;
}
