/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-file.h"
#include "base/venv/kslurm-venv-store-private.h"

#define FILE_LIMIT (16 * 1024 * 1024)

enum { SIZE, MTIME, PYTHON, PACKAGES, CREATED, FILE_NAME, COLUMNS };

/* one file for each store, in the user's own cache: a store may be read only */
static char *
dup_path(KslurmVenvStore *store)
{
  g_autofree char *folder = kslurm_dirs_dup_cache();
  g_autofree char *hash =
      g_compute_checksum_for_string(G_CHECKSUM_SHA256, store->folder, -1);
  g_autofree char *file = g_strdup_printf("environments-%.16s", hash);

  return g_build_filename(folder, file, NULL);
}

/**
 * kslurm_venv_summary_free: (skip)
 * @summary: (transfer full): a summary
 */
void
kslurm_venv_summary_free(KslurmVenvSummary *summary)
{
  g_free(summary->python);
  g_free(summary);
}

static gboolean
parse_number(const char *text, guint64 *number)
{
  return g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, number, NULL);
}

static KslurmVenvSummary *
parse_line(char **cells)
{
  guint64 numbers[COLUMNS] = {0};
  KslurmVenvSummary *summary = NULL;

  for (int i = 0; i < FILE_NAME; i++)
    if (i != PYTHON && !parse_number(cells[i], &numbers[i]))
      return NULL;
  for (const char *c = cells[PYTHON]; *c != '\0'; c++)
    if (!g_ascii_isgraph(*c))
      return NULL;
  summary = g_new0(KslurmVenvSummary, 1);
  summary->key.size = numbers[SIZE];
  summary->key.mtime = (gint64)numbers[MTIME];
  summary->python = g_strdup(cells[PYTHON][0] != '\0' ? cells[PYTHON] : NULL);
  summary->n_packages = (guint)MIN(numbers[PACKAGES], G_MAXUINT);
  summary->created = (gint64)numbers[CREATED];
  return summary;
}

/**
 * kslurm_venv_summaries_read: (skip)
 * @store: a store
 *
 * Returns: (transfer full) (element-type utf8 KslurmVenvSummary): what was kept, by the
 *   names of the archives' files; damaged lines are left out
 */
GHashTable *
kslurm_venv_summaries_read(KslurmVenvStore *store)
{
  g_autofree char *path = dup_path(store);
  g_autoptr(GBytes) bytes = kslurm_file_read(path, FILE_LIMIT, NULL);
  GHashTable *summaries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                (GDestroyNotify)kslurm_venv_summary_free);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  if (bytes == NULL)
    return summaries;
  text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  lines = g_strsplit(text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    g_auto(GStrv) cells = g_strsplit(lines[i], "\t", COLUMNS);
    KslurmVenvSummary *summary = g_strv_length(cells) == COLUMNS ? parse_line(cells) : NULL;

    if (summary != NULL)
      g_hash_table_replace(summaries, g_strdup(cells[FILE_NAME]), summary);
  }
  return summaries;
}

/**
 * kslurm_venv_summaries_write: (skip)
 * @store: a store
 * @summaries: (element-type utf8 KslurmVenvSummary): what to keep
 *
 * A cache that cannot be written costs time, nothing else.
 */
void
kslurm_venv_summaries_write(KslurmVenvStore *store, GHashTable *summaries)
{
  g_autofree char *path = dup_path(store);
  g_autofree char *folder = g_path_get_dirname(path);
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  GHashTableIter iter;
  gpointer file = NULL, value = NULL;

  g_hash_table_iter_init(&iter, summaries);
  while (g_hash_table_iter_next(&iter, &file, &value)) {
    const KslurmVenvSummary *summary = value;

    g_string_append_printf(text,
                           "%" G_GUINT64_FORMAT "\t%" G_GINT64_FORMAT
                           "\t%s\t%u\t%" G_GINT64_FORMAT "\t%s\n",
                           summary->key.size, summary->key.mtime,
                           summary->python != NULL ? summary->python : "",
                           summary->n_packages, summary->created, (const char *)file);
  }
  if (g_mkdir_with_parents(folder, 0700) != 0 ||
      !kslurm_file_replace(path, text->str, -1, 0600, &error))
    g_debug("the summary is not kept: %s", error != NULL ? error->message : folder);
}
