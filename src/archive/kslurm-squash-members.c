/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#include "archive/kslurm-archive-members.h"
#include "archive/kslurm-squash-build-private.h"
#include "archive/kslurm-tree-name.h"
#include "base/util/kslurm-error.h"

#define RECORD_LIMIT (16 << 20)
#define RECORDS_LIMIT (128 << 20) /* of all that are kept until then */

/* an image has a number for each of a hole's blocks, and a tar has none */
#define HOLE_LIMIT ((gint64)1 << 30)

/* lists hashes of files that may come later: it is written last */
static gboolean
is_record(KslurmSquashBuild *build, const char *path, gint64 size)
{
  return g_str_has_suffix(path, ".dist-info/RECORD") && size > 0 && size <= RECORD_LIMIT &&
         size <= RECORDS_LIMIT - build->kept;
}

static gboolean
refuse(GError **error, const char *why)
{
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED, why);
  return FALSE;
}

static gboolean
append_zeros(KslurmSquashWriter *writer, gint64 count, GError **error)
{
  static const char zeros[4096];

  if (count > HOLE_LIMIT)
    return refuse(error, _("it has a hole that is too large for an image"));
  for (; count > 0; count -= (gint64)sizeof zeros) {
    if (!kslurm_squash_writer_append(writer, zeros, (gsize)MIN(count, (gint64)sizeof zeros),
                                     error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
stream_file(KslurmSquashBuild *build, gint64 size, GError **error)
{
  KslurmArchiveBlock block = {.size = 1};
  gint64 position = 0;

  while (block.size > 0) {
    if (!kslurm_archive_source_read(build->source, &block, error))
      return FALSE;
    if (block.size == 0)
      break;
    if (block.offset < position || block.offset > size - (gint64)block.size)
      return refuse(error, _("it holds more than it says"));
    if (!append_zeros(build->writer, block.offset - position, error) ||
        !kslurm_squash_writer_append(build->writer, block.data, block.size, error))
      return FALSE;
    position = block.offset + (gint64)block.size;
    kslurm_progress_add(build->progress, block.size, 0);
  }
  return append_zeros(build->writer, size - position, error);
}

static GBytes *
read_file(KslurmSquashBuild *build, gint64 size, GError **error)
{
  KslurmArchiveBlock block = {0};
  char *bytes = NULL;

  if (kslurm_archive_source_read(build->source, &block, error))
    bytes = kslurm_archive_members_gather(build->source, &block, size, error);
  kslurm_progress_add(build->progress, (guint64)size, 0);
  return bytes != NULL ? g_bytes_new_take(bytes, (gsize)size) : NULL;
}

static gboolean
locate_file(KslurmSquashBuild *build, const char *path, gint64 size, GError **error)
{
  g_autoptr(GBytes) bytes = read_file(build, size, error);
  g_autoptr(GBytes) located = NULL;
  gsize length = 0;
  const void *data = NULL;

  if (bytes == NULL)
    return FALSE;
  located = kslurm_squash_locator_apply(build->locator, path, bytes);
  data = g_bytes_get_data(located, &length);
  return length == 0 || kslurm_squash_writer_append(build->writer, data, length, error);
}

static gboolean
keep_record(KslurmSquashBuild *build, const char *path, gint64 size, GError **error)
{
  GBytes *bytes = read_file(build, size, error);

  build->kept += size;
  if (bytes != NULL)
    g_hash_table_insert(build->records, g_strdup(path), bytes);
  return bytes != NULL;
}

static gboolean
add_file(KslurmSquashBuild *build,
         const char *path,
         struct archive_entry *entry,
         GError **error)
{
  gint64 size = archive_entry_size(entry);
  KslurmSquashNode *node = kslurm_squash_tree_add(
      build->tree, path, S_IFREG | (archive_entry_perm(entry) & 0777),
      archive_entry_mtime(entry), error);
  gboolean done = FALSE;

  if (node == NULL)
    return FALSE;
  if (is_record(build, path, size))
    return keep_record(build, path, size, error);
  if (!kslurm_squash_writer_begin(build->writer, node, error))
    return FALSE;
  if (size > 0 && kslurm_squash_locator_wants(build->locator, path, (guint64)size))
    done = locate_file(build, path, size, error);
  else
    done = stream_file(build, size, error);
  return done && kslurm_squash_writer_end(build->writer, error);
}

static gboolean
add_symlink(KslurmSquashBuild *build,
            const char *path,
            struct archive_entry *entry,
            GError **error)
{
  const char *target = archive_entry_symlink(entry);
  KslurmSquashNode *node = NULL;

  if (target == NULL || *target == '\0' || strlen(target) >= PATH_MAX)
    return refuse(error, _("it is a link to nothing"));
  node = kslurm_squash_tree_add(build->tree, path, S_IFLNK | 0777,
                                archive_entry_mtime(entry), error);
  if (node == NULL)
    return FALSE;
  node->target = kslurm_squash_locator_dup_target(build->locator, path, target);
  return TRUE;
}

static gboolean
add_link(KslurmSquashBuild *build, const char *path, const char *target, GError **error)
{
  g_autofree char *clean = kslurm_tree_name_clean(target, error);

  return clean != NULL && kslurm_squash_tree_add_link(build->tree, path, clean, error);
}

/**
 * kslurm_squash_build_take: (skip)
 * @path: its clean name
 * @entry: a member of the archive
 * @data: a #KslurmSquashBuild
 * @error: return location
 *
 * Takes a member into the image: what a file holds goes into blocks as it comes, only
 * names and places of blocks are kept until the end.
 *
 * Returns: whether it was fit for an image
 */
gboolean
kslurm_squash_build_take(const char *path,
                         struct archive_entry *entry,
                         gpointer data,
                         GError **error)
{
  KslurmSquashBuild *build = data;
  mode_t type = archive_entry_filetype(entry);

  kslurm_progress_add(build->progress, 0, 1);
  if (type == AE_IFDIR)
    return kslurm_squash_tree_add(build->tree, path,
                                  S_IFDIR | (archive_entry_perm(entry) & 0777),
                                  archive_entry_mtime(entry), error) != NULL;
  if (*path == '\0')
    return refuse(error, _("it has no name"));
  if (archive_entry_hardlink(entry) != NULL)
    return add_link(build, path, archive_entry_hardlink(entry), error);
  if (type == AE_IFLNK)
    return add_symlink(build, path, entry, error);
  if (type == AE_IFREG)
    return add_file(build, path, entry, error);
  return refuse(error, _("it is neither file, folder nor link"));
}
