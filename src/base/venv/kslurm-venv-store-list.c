/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"
#include "base/venv/kslurm-venv-store-private.h"

/* what a listing works with */
typedef struct {
  KslurmVenvStore *store;
  GHashTable *summaries; /* what was kept, and not found yet */
  GHashTable *current;   /* what is to be kept */
  GPtrArray *entries;
  gboolean stale;
} Listing;

static void
entry_free(gpointer data)
{
  KslurmVenvEntry *entry = data;

  g_free(entry->name);
  g_free(entry->path);
  g_free(entry->python);
  g_free(entry);
}

/* an archive that cannot be read today may be readable tomorrow; a foreign one stays so */
static KslurmVenvSummary *
summarize(Listing *listing, const char *name, KslurmVenvKey key)
{
  KslurmVenvSummary *summary = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmVenvFacts) facts =
      kslurm_venv_store_read_facts(listing->store, name, &error);

  if (facts == NULL && (listing->store->reader == NULL ||
                        !g_error_matches(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED)))
    return NULL;
  listing->stale = TRUE;
  summary = g_new0(KslurmVenvSummary, 1);
  summary->key = key;
  if (facts != NULL) {
    summary->python = g_strdup(facts->python);
    summary->n_packages = g_strv_length(facts->packages);
    summary->created = facts->created;
  }
  return summary;
}

static const KslurmVenvSummary *
get_summary(Listing *listing, const char *file, const char *name, KslurmVenvKey key)
{
  gpointer known = NULL, value = NULL;
  KslurmVenvSummary *summary = NULL;

  if (g_hash_table_steal_extended(listing->summaries, file, &known, &value))
    summary = value;
  g_free(known);
  if (summary != NULL && !kslurm_venv_key_equal(summary->key, key))
    g_clear_pointer(&summary, kslurm_venv_summary_free);
  if (summary == NULL)
    summary = summarize(listing, name, key);
  if (summary != NULL)
    g_hash_table_replace(listing->current, g_strdup(file), summary);
  return summary;
}

static void
add_entry(Listing *listing, const char *file, const char *name, const struct stat *st)
{
  KslurmVenvEntry *entry = g_new0(KslurmVenvEntry, 1);
  const KslurmVenvSummary *summary = get_summary(listing, file, name, kslurm_venv_key(st));

  entry->name = g_strdup(name);
  entry->path = g_build_filename(listing->store->folder, file, NULL);
  entry->size = (guint64)st->st_size;
  entry->modified = st->st_mtim.tv_sec;
  if (summary != NULL) {
    entry->python = g_strdup(summary->python);
    entry->n_packages = summary->n_packages;
    entry->created = summary->created;
  }
  g_ptr_array_add(listing->entries, entry);
}

static gboolean
has_newer(int fd, const char *name)
{
  g_autofree char *file = g_strconcat(name, ".tar.zst", NULL);
  struct stat st;

  return fstatat(fd, file, &st, 0) == 0 && S_ISREG(st.st_mode);
}

static void
look_at(Listing *listing, int fd, const char *file)
{
  const char *ending = kslurm_venv_store_get_ending(file);
  g_autofree char *name =
      ending != NULL ? g_strndup(file, strlen(file) - strlen(ending)) : NULL;
  struct stat st;

  if (ending == NULL || !kslurm_text_is_line(file) || fstatat(fd, file, &st, 0) != 0 ||
      !S_ISREG(st.st_mode))
    return;
  if (!g_str_equal(ending, ".tar.gz") || !has_newer(fd, name))
    add_entry(listing, file, name, &st);
}

static int
compare(gconstpointer a, gconstpointer b)
{
  return strcmp((*(const KslurmVenvEntry *const *)a)->name,
                (*(const KslurmVenvEntry *const *)b)->name);
}

static GPtrArray *
list_folder(KslurmVenvStore *store, DIR *folder)
{
  g_autoptr(GHashTable) summaries = kslurm_venv_summaries_read(store);
  g_autoptr(GHashTable) current = g_hash_table_new_full(
      g_str_hash, g_str_equal, g_free, (GDestroyNotify)kslurm_venv_summary_free);
  GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
  Listing listing = {store, summaries, current, entries, FALSE};
  struct dirent *file = NULL;

  while ((file = readdir(folder)) != NULL)
    look_at(&listing, dirfd(folder), file->d_name);
  if (listing.stale || g_hash_table_size(summaries) > 0)
    kslurm_venv_summaries_write(store, current);
  g_ptr_array_sort(entries, compare);
  return entries;
}

/**
 * kslurm_venv_store_list: (skip)
 * @store: a store
 * @error: return location
 *
 * Costs one look at each archive and one file, once what the archives say was read.
 *
 * Returns: (transfer full) (nullable) (element-type KslurmVenvEntry): the saved
 *   environments, sorted by name, or %NULL with @error set
 */
GPtrArray *
kslurm_venv_store_list(KslurmVenvStore *store, GError **error)
{
  DIR *folder = opendir(store->folder);
  GPtrArray *entries = NULL;

  if (folder == NULL && errno == ENOENT)
    return g_ptr_array_new_with_free_func(entry_free);
  if (folder == NULL) {
    kslurm_set_errno(error, errno, _("cannot read the folder '%s'"), store->folder);
    return NULL;
  }
  entries = list_folder(store, folder);
  closedir(folder);
  return entries;
}
