/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-archive-members.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "archive/kslurm-frames.h"
#include "archive/kslurm-tree-name.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-text.h"

/* the older kslurm's archives begin with a folder '/', ours with the facts */
static gboolean
is_skipped(struct archive_entry *entry)
{
  const char *name = archive_entry_pathname(entry);

  return name != NULL &&
         (g_str_equal(name, KSLURM_FRAMES_FACTS_NAME) ||
          (g_str_equal(name, "/") && archive_entry_filetype(entry) == AE_IFDIR));
}

static gboolean
take(struct archive_entry *entry, KslurmArchiveMember func, gpointer data, GError **error)
{
  const char *name = archive_entry_pathname(entry);
  g_autoptr(GError) failure = NULL;
  g_autofree char *path = kslurm_tree_name_clean(name, &failure);
  g_autofree char *shown = NULL;

  if (path != NULL && func(path, entry, data, &failure))
    return TRUE;
  shown = kslurm_text_clean(name != NULL ? name : "");
  if (g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED))
    g_prefix_error(&failure, _("member '%s': "), shown);
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

/**
 * kslurm_archive_members_read: (skip)
 * @source: an archive of which nothing was read
 * @func: called for each member
 * @data: for @func
 * @cancellable: (nullable): ends the reading
 * @error: return location
 *
 * Reads an archive. Names that lead out of a tree are refused, and what says where the
 * archive is from is left out.
 *
 * Returns: whether the archive was whole and @func took all of it
 */
gboolean
kslurm_archive_members_read(KslurmArchiveSource *source,
                            KslurmArchiveMember func,
                            gpointer data,
                            GCancellable *cancellable,
                            GError **error)
{
  struct archive_entry *entry = NULL;
  gboolean first = TRUE;

  do {
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !kslurm_archive_source_next(source, &entry, error))
      return FALSE;
    if (entry != NULL && !(first && is_skipped(entry)) && !take(entry, func, data, error))
      return FALSE;
    first = FALSE;
  } while (entry != NULL);
  return TRUE;
}

/**
 * kslurm_archive_members_gather: (skip)
 * @source: an archive
 * @block: the first part of a member
 * @size: what the member says that it holds, which fits into memory
 * @error: return location
 *
 * Puts a file together.
 *
 * Returns: (transfer full) (array length=size) (nullable): its bytes, or %NULL with @error
 * set
 */
char *
kslurm_archive_members_gather(KslurmArchiveSource *source,
                              KslurmArchiveBlock *block,
                              gint64 size,
                              GError **error)
{
  g_autofree char *bytes = g_malloc0((gsize)MAX(size, 0) + 1);

  while (block->size > 0) {
    if (size < 0 || block->size > (gsize)size || block->offset < 0 ||
        block->offset > size - (gint64)block->size) {
      g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                          _("it holds more than it says"));
      return NULL;
    }
    memcpy(bytes + block->offset, block->data, block->size);
    if (!kslurm_archive_source_read(source, block, error))
      return NULL;
  }
  return g_steal_pointer(&bytes);
}
