/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/stat.h>

#include "archive/kslurm-archive-members.h"
#include "archive/kslurm-squash-build-private.h"
#include "archive/kslurm-squash.h"
#include "base/venv/kslurm-venv-record.h"
#include "base/venv/kslurm-venv-state.h"

/* what Python compiled from the file before is valid by its time and size alone */
static void
remove_compiled(KslurmSquashTree *tree, const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path), *base = g_path_get_basename(path);
  g_autofree char *cache = g_build_filename(folder, "__pycache__", NULL);
  KslurmSquashNode *node = g_hash_table_lookup(tree->nodes, cache);
  gsize stem = strlen(base) - 2;

  if (!g_str_has_suffix(base, ".py") || node == NULL || node->children == NULL)
    return;
  for (guint i = node->children->len; i-- > 0;) {
    KslurmSquashNode *child = g_ptr_array_index(node->children, i);
    g_autofree char *compiled = g_build_filename(cache, child->name, NULL);

    if (strncmp(child->name, base, stem) == 0 && g_str_has_suffix(child->name, ".pyc"))
      kslurm_squash_tree_remove(tree, compiled);
  }
}

static void
remove_stale(KslurmSquashBuild *build)
{
  GHashTableIter iter;
  gpointer path = NULL;

  g_hash_table_iter_init(&iter, kslurm_squash_locator_get_changed(build->locator));
  while (g_hash_table_iter_next(&iter, &path, NULL))
    remove_compiled(build->tree, path);
}

static GBytes *
find_changed(const char *name, gpointer data)
{
  return g_hash_table_lookup(data, name);
}

static GBytes *
update_record(KslurmSquashBuild *build, const char *path, GBytes *bytes)
{
  gsize length = 0;
  const char *data = g_bytes_get_data(bytes, &length);
  g_autofree char *text = g_strndup(data, length), *info = g_path_get_dirname(path);
  g_autofree char *site = g_path_get_dirname(info);
  char *updated = NULL;

  if (strlen(text) == length)
    updated = kslurm_venv_record_update(text, site, find_changed,
                                        kslurm_squash_locator_get_changed(build->locator));
  return updated != NULL ? g_bytes_new_take(updated, strlen(updated)) : g_bytes_ref(bytes);
}

static gboolean
write_file(KslurmSquashBuild *build, KslurmSquashNode *node, GBytes *bytes, GError **error)
{
  gsize length = 0;
  const void *data = g_bytes_get_data(bytes, &length);

  return kslurm_squash_writer_begin(build->writer, node, error) &&
         kslurm_squash_writer_append(build->writer, data, length, error) &&
         kslurm_squash_writer_end(build->writer, error);
}

/* for the prompt: what a load would write */
static gboolean
write_state(KslurmSquashBuild *build, const KslurmVenvFacts *facts, GError **error)
{
  g_autoptr(GBytes) bytes = NULL;
  KslurmSquashNode *node = NULL;
  char *text = NULL;

  if (facts->name == NULL || facts->packages == NULL)
    return TRUE;
  text = kslurm_venv_state_dup_text(facts->name, facts->packages);
  bytes = g_bytes_new_take(text, strlen(text));
  node = kslurm_squash_tree_add(build->tree, KSLURM_VENV_STATE_FILE, S_IFREG | 0644,
                                facts->created, error);
  return node != NULL && write_file(build, node, bytes, error);
}

static gboolean
write_records(KslurmSquashBuild *build, GError **error)
{
  GHashTableIter iter;
  gpointer path = NULL, bytes = NULL;

  g_hash_table_iter_init(&iter, build->records);
  while (g_hash_table_iter_next(&iter, &path, &bytes)) {
    KslurmSquashNode *node = g_hash_table_lookup(build->tree->nodes, path);
    g_autoptr(GBytes) updated = update_record(build, path, bytes);

    if (node != NULL && S_ISREG(node->mode) && node->link == NULL &&
        !write_file(build, node, updated, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run(KslurmSquashBuild *build,
    const KslurmVenvFacts *facts,
    GCancellable *cancellable,
    GError **error)
{
  if (!kslurm_archive_members_read(build->source, kslurm_squash_build_take, build,
                                   cancellable, error))
    return FALSE;
  remove_stale(build);
  return write_records(build, error) && write_state(build, facts, error) &&
         kslurm_squash_writer_finish(build->writer, build->tree, error);
}

static char **
dup_unknown(KslurmSquashLocator *locator)
{
  const GPtrArray *unknown = kslurm_squash_locator_get_unknown(locator);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  for (guint i = 0; i < unknown->len; i++)
    g_strv_builder_add(builder, g_ptr_array_index(unknown, i));
  return g_strv_builder_end(builder);
}

/**
 * kslurm_squash_build: (skip)
 * @archive: an archive, open for reading
 * @image: an empty file, open for reading and writing
 * @facts: what is known about the environment
 * @workers: how many compress
 * @unknown: (out) (transfer full): files that name the old place and cannot find themselves
 * @progress: (nullable): where files and bytes are counted
 * @cancellable: (nullable): ends the building
 * @error: return location
 *
 * Makes a squashfs image of the environment in an archive, which finds itself wherever it
 * is mounted. Nothing is unpacked.
 *
 * Returns: whether the image is complete
 */
gboolean
kslurm_squash_build(int archive,
                    int image,
                    const KslurmVenvFacts *facts,
                    guint workers,
                    char ***unknown,
                    KslurmProgress *progress,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr(KslurmSquashTree) tree = kslurm_squash_tree_new();
  g_autoptr(KslurmSquashLocator) locator = NULL;
  g_autoptr(KslurmArchiveSource) source = NULL;
  g_autoptr(KslurmSquashWriter) writer = NULL;
  g_autoptr(GHashTable) records =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  KslurmSquashBuild build = {.tree = tree, .progress = progress, .records = records};

  *unknown = NULL;
  locator = kslurm_squash_locator_new((const char *const *)facts->places,
                                      (const char *const *)facts->hits, error);
  if (locator != NULL)
    source = kslurm_archive_source_new(archive, 1, cancellable, error);
  if (source != NULL)
    writer = kslurm_squash_writer_new(image, workers, facts->created, error);
  if (writer == NULL)
    return FALSE;
  tree->root->time = (guint32)CLAMP(facts->created, 0, G_MAXUINT32);
  build.locator = locator;
  build.source = source;
  build.writer = writer;
  if (!run(&build, facts, cancellable, error))
    return FALSE;
  *unknown = dup_unknown(locator);
  return TRUE;
}
