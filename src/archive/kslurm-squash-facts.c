/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-squash-facts.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/kslurm-archive-members.h"
#include "archive/kslurm-frames.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-tree.h"
#include "base/venv/kslurm-venv-places.h"

/* longer ones are programs */
#define SCRIPT_LIMIT 65536

/* where an environment was made is told by pyvenv.cfg and the scripts in bin */
static gboolean
tells(const char *name)
{
  return g_str_equal(name, "pyvenv.cfg") ||
         (g_str_has_prefix(name, "bin/") && strchr(name + 4, '/') == NULL);
}

typedef struct {
  KslurmArchiveSource *source;
  const char *folder;
} Copy;

static gboolean
copy_script(const char *path, struct archive_entry *entry, gpointer data, GError **error)
{
  Copy *copy = data;
  gint64 size = archive_entry_size(entry);
  g_autofree char *to = NULL, *text = NULL;
  KslurmArchiveBlock block = {0};

  if (!tells(path) || archive_entry_filetype(entry) != AE_IFREG ||
      archive_entry_hardlink(entry) != NULL || size > SCRIPT_LIMIT)
    return TRUE;
  if (kslurm_archive_source_read(copy->source, &block, error))
    text = kslurm_archive_members_gather(copy->source, &block, size, error);
  to = g_build_filename(copy->folder, path, NULL);
  return text != NULL && g_file_set_contents(to, text, (gssize)MAX(size, 0), error);
}

static char **
find_places(int archive, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmArchiveSource) source =
      kslurm_archive_source_new(archive, 1, cancellable, error);
  g_autofree char *folder = NULL, *bin = NULL;
  char **places = NULL;
  Copy copy = {source, NULL};

  if (source == NULL)
    return NULL;
  folder = g_dir_make_tmp("kslurm-places-XXXXXX", error);
  if (folder == NULL)
    return NULL;
  copy.folder = folder;
  bin = g_build_filename(folder, "bin", NULL);
  if (g_mkdir(bin, 0700) != 0)
    kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), bin);
  else if (kslurm_archive_members_read(source, copy_script, &copy, cancellable, error))
    places = kslurm_venv_find_places(folder, error);
  kslurm_tree_remove(folder, NULL);
  return places;
}

/* of the older kslurm's archives only the places are needed, and nobody searched them */
static KslurmVenvFacts *
find_facts(int archive, const char *path, GCancellable *cancellable, GError **error)
{
  g_auto(GStrv) places = find_places(archive, cancellable, error);
  KslurmVenvFacts *facts = NULL;
  struct stat st;

  if (places == NULL || fstat(archive, &st) != 0)
    return NULL;
  if (lseek(archive, 0, SEEK_SET) != 0) {
    kslurm_set_errno(error, errno, _("cannot read '%s'"), path);
    return NULL;
  }
  facts = g_new0(KslurmVenvFacts, 1);
  facts->places = g_steal_pointer(&places);
  facts->created = st.st_mtim.tv_sec;
  return facts;
}

/**
 * kslurm_squash_facts_read: (skip)
 * @archive: an archive, open for reading
 * @path: its path
 * @cancellable: (nullable): ends the reading
 * @error: return location
 *
 * Reads what an archive says of its environment; in one that says nothing, looks for the
 * places only.
 *
 * Returns: (transfer full) (nullable): the facts, or %NULL with @error set
 */
KslurmVenvFacts *
kslurm_squash_facts_read(int archive,
                         const char *path,
                         GCancellable *cancellable,
                         GError **error)
{
  gsize length = 0;
  g_autofree char *json = NULL;

  if (!kslurm_frames_is_ours(archive))
    return find_facts(archive, path, cancellable, error);
  json = kslurm_frames_read_facts(archive, &length, error);
  return json != NULL ? kslurm_venv_facts_from_json(json, (gssize)length, error) : NULL;
}
