/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/venv/kslurm-venv-files.h"
#include "base/venv/kslurm-venv-record.h"
#include "base/venv/kslurm-venv-relocate-private.h"

static GBytes *
find_changed(const char *name, gpointer data)
{
  return g_hash_table_lookup(((KslurmPass *)data)->changed, name);
}

static gboolean
update_record(KslurmPass *pass, const char *name, const char *site, GError **error)
{
  kslurm_autofd int folder = kslurm_venv_files_open_parent(pass->root, name, error);
  kslurm_autofd int fd =
      folder < 0 ? -1
                 : openat(folder, "RECORD", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  g_autoptr(GMappedFile) file = NULL;
  g_autofree char *text = NULL;
  g_autofree char *updated = NULL;
  g_autoptr(GBytes) bytes = NULL;
  struct stat st;

  if (folder < 0)
    return FALSE;
  if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
    return TRUE;
  file = g_mapped_file_new_from_fd(fd, FALSE, error);
  if (file == NULL)
    return FALSE;
  text = g_strndup(g_mapped_file_get_contents(file), g_mapped_file_get_length(file));
  updated = kslurm_venv_record_update(text, site, find_changed, pass);
  if (updated == NULL || strlen(text) != g_mapped_file_get_length(file))
    return TRUE;
  bytes = g_bytes_new(updated, strlen(updated));
  return kslurm_pass_replace(pass, folder, name, &st, bytes, error);
}

/* calls @visit for each entry of a folder; links are no folders */
typedef gboolean (*Visit)(KslurmPass *pass, const char *name, GError **error);

static gboolean
visit_entries(KslurmPass *pass, const char *name, Visit visit, GError **error)
{
  g_autofree char *inside = g_strconcat(name, "/x", NULL);
  int fd = kslurm_venv_files_open_parent(pass->root, inside, NULL);
  DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
  struct dirent *entry = NULL;
  gboolean done = TRUE;

  while (done && folder != NULL && (entry = readdir(folder)) != NULL) {
    g_autofree char *path = g_build_filename(name, entry->d_name, NULL);

    if (entry->d_name[0] != '.')
      done = visit(pass, path, error);
  }
  if (folder != NULL)
    closedir(folder);
  return done;
}

static gboolean
visit_distribution(KslurmPass *pass, const char *name, GError **error)
{
  g_autofree char *site = g_path_get_dirname(name);
  g_autofree char *record = g_build_filename(name, "RECORD", NULL);

  return !g_str_has_suffix(name, ".dist-info") || update_record(pass, record, site, error);
}

static gboolean
visit_python(KslurmPass *pass, const char *name, GError **error)
{
  g_autofree char *site = g_build_filename(name, "site-packages", NULL);

  return visit_entries(pass, site, visit_distribution, error);
}

/**
 * kslurm_pass_finish_records: (skip)
 * @pass: a pass
 * @error: return location
 *
 * Lets each RECORD know the hashes and sizes of the files that changed.
 *
 * Returns: whether all was done
 */
gboolean
kslurm_pass_finish_records(KslurmPass *pass, GError **error)
{
  if (g_hash_table_size(pass->changed) == 0)
    return TRUE;
  return visit_entries(pass, "lib", visit_python, error) &&
         visit_entries(pass, "lib64", visit_python, error);
}
