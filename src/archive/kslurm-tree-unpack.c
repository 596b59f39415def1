/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "archive/kslurm-archive-members.h"
#include "archive/kslurm-tree-folders.h"
#include "archive/kslurm-tree-links.h"
#include "archive/kslurm-tree-writer.h"
#include "base/util/kslurm-error-private.h"

/* a file that is not in one piece is put together up to this size, else streamed */
#define SMALL_BYTES (1 << 20)

struct _KslurmTreeUnpack {
  KslurmArchiveSource *source;
  KslurmTreeFolders *folders;
  KslurmTreeLinks *links;
  KslurmTreeWriter *writer;
  KslurmProgress *progress;
  GCancellable *cancellable;
  gboolean broken; /* a writer failed */
};

static gboolean
refuse(GError **error, const char *why)
{
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED, why);
  return FALSE;
}

static void
leave_frame(gpointer data)
{
  kslurm_tree_writer_flush(data);
}

static void
add_item(KslurmTreeUnpack *unpack, const KslurmTreeItem *item)
{
  KslurmFrameBytes *frame = kslurm_archive_source_get_frame(unpack->source);

  unpack->broken |= !kslurm_tree_writer_add(unpack->writer, item, frame);
}

static struct timespec
get_time(struct archive_entry *entry)
{
  struct timespec time = {archive_entry_mtime(entry), archive_entry_mtime_nsec(entry)};

  return time;
}

static gboolean
stream(KslurmTreeUnpack *unpack,
       KslurmTreeFolder *folder,
       const char *path,
       struct archive_entry *entry,
       KslurmArchiveBlock *block,
       GError **error)
{
  g_autoptr(KslurmTreeLarge) large =
      kslurm_tree_large_new(folder, path, archive_entry_size(entry),
                            archive_entry_perm(entry), get_time(entry), error);

  if (large == NULL)
    return FALSE;
  while (block->size > 0 && !unpack->broken) {
    KslurmTreeItem piece = {.data = block->data, .size = block->size};

    if (!block->in_frame)
      piece.data = piece.owned = g_memdup2(block->data, block->size);
    piece.offset = block->offset;
    piece.large = kslurm_tree_large_add_piece(large);
    add_item(unpack, &piece);
    if (!kslurm_archive_source_read(unpack->source, block, error))
      return FALSE;
  }
  kslurm_progress_add(unpack->progress, 0, 1);
  return kslurm_tree_large_end_piece(large, error);
}

static gboolean
add_file(KslurmTreeUnpack *unpack,
         const char *path,
         struct archive_entry *entry,
         GError **error)
{
  g_autoptr(KslurmTreeFolder) folder =
      kslurm_tree_folders_open_parent(unpack->folders, path, error);
  KslurmTreeItem item = {.mode = archive_entry_perm(entry), .time = get_time(entry)};
  KslurmArchiveBlock block = {0};

  if (folder == NULL || !kslurm_archive_source_read(unpack->source, &block, error))
    return FALSE;
  item.size = (gsize)archive_entry_size(entry);
  if (block.size == item.size && block.offset == 0 && block.in_frame)
    item.data = block.data;
  else if (item.size > SMALL_BYTES)
    return stream(unpack, folder, path, entry, &block, error);
  else
    item.data = item.owned = kslurm_archive_members_gather(
        unpack->source, &block, archive_entry_size(entry), error);
  if (item.data == NULL)
    return FALSE;
  item.folder = g_steal_pointer(&folder);
  item.path = g_strdup(path);
  add_item(unpack, &item);
  return TRUE;
}

static gboolean
add_symlink(KslurmTreeUnpack *unpack,
            const char *path,
            struct archive_entry *entry,
            GError **error)
{
  g_autoptr(KslurmTreeFolder) folder =
      kslurm_tree_folders_open_parent(unpack->folders, path, error);
  const char *target = archive_entry_symlink(entry);

  if (target == NULL)
    return refuse(error, _("it is a symlink without a target"));
  if (folder == NULL ||
      !kslurm_tree_links_make_symlink(folder, path, target, get_time(entry), error))
    return FALSE;
  kslurm_progress_add(unpack->progress, 0, 1);
  return TRUE;
}

static gboolean
add_member(const char *path, struct archive_entry *entry, gpointer data, GError **error)
{
  KslurmTreeUnpack *unpack = data;
  mode_t type = archive_entry_filetype(entry);

  if (unpack->broken)
    return kslurm_tree_writer_finish(unpack->writer, error);
  if (type == AE_IFDIR)
    return kslurm_tree_folders_add(unpack->folders, path, archive_entry_perm(entry),
                                   get_time(entry), error);
  if (*path == '\0')
    return refuse(error, _("it has no name"));
  if (archive_entry_hardlink(entry) != NULL)
    return kslurm_tree_links_add(unpack->links, path, archive_entry_hardlink(entry), error);
  if (type == AE_IFLNK)
    return add_symlink(unpack, path, entry, error);
  if (type == AE_IFREG)
    return add_file(unpack, path, entry, error);
  return refuse(error, _("it is neither file, folder nor link"));
}

/**
 * kslurm_tree_unpack_run: (skip)
 * @unpack: an unpacking
 * @error: return location
 *
 * Makes everything that the archive holds. On failure parts of it are there.
 *
 * Returns: whether the tree is whole
 */
gboolean
kslurm_tree_unpack_run(KslurmTreeUnpack *unpack, GError **error)
{
  return kslurm_archive_members_read(unpack->source, add_member, unpack,
                                     unpack->cancellable, error) &&
         kslurm_tree_writer_finish(unpack->writer, error) &&
         kslurm_tree_links_finish(unpack->links, unpack->folders, error) &&
         kslurm_tree_folders_finish(unpack->folders, error);
}

/**
 * kslurm_tree_unpack_new: (skip)
 * @source: an archive
 * @prefix: an existing empty folder
 * @threads: how many create files
 * @progress: (nullable): where files and bytes are counted
 * @cancellable: (nullable): ends the unpacking
 * @error: return location
 *
 * Prepares to unpack an archive into a folder.
 *
 * Returns: (transfer full) (nullable): the unpacking, or %NULL with @error set
 */
KslurmTreeUnpack *
kslurm_tree_unpack_new(KslurmArchiveSource *source,
                       const char *prefix,
                       guint threads,
                       KslurmProgress *progress,
                       GCancellable *cancellable,
                       GError **error)
{
  KslurmTreeFolders *folders = kslurm_tree_folders_new(prefix, error);
  KslurmTreeUnpack *unpack = NULL;

  if (folders == NULL)
    return NULL;
  unpack = g_new0(KslurmTreeUnpack, 1);
  unpack->source = source;
  unpack->folders = folders;
  unpack->links = kslurm_tree_links_new();
  unpack->writer = kslurm_tree_writer_new(threads, progress, cancellable);
  unpack->progress = progress;
  unpack->cancellable = cancellable;
  kslurm_archive_source_set_leave(source, leave_frame, unpack->writer);
  return unpack;
}

/**
 * kslurm_tree_unpack_free: (skip)
 * @unpack: (transfer full): an unpacking
 *
 * Ends it, however far it came.
 */
void
kslurm_tree_unpack_free(KslurmTreeUnpack *unpack)
{
  kslurm_archive_source_set_leave(unpack->source, NULL, NULL);
  kslurm_tree_writer_free(unpack->writer);
  kslurm_tree_links_free(unpack->links);
  kslurm_tree_folders_free(unpack->folders);
  g_free(unpack);
}
