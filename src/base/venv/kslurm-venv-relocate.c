/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-relocate.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/venv/kslurm-venv-files.h"
#include "base/venv/kslurm-venv-relocate-private.h"

static GBytes *
map_file(int folder, const char *name, GError **error)
{
  const char *last = kslurm_venv_files_get_last(name);
  kslurm_autofd int fd =
      openat(folder, last, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  g_autoptr(GMappedFile) file = NULL;

  if (fd < 0) {
    kslurm_set_errno(error, errno, _("cannot read '%s'"), name);
    return NULL;
  }
  file = g_mapped_file_new_from_fd(fd, FALSE, error);
  return file != NULL ? g_mapped_file_get_bytes(file) : NULL;
}

static gboolean
relocate_file(
    KslurmPass *pass, int folder, const char *name, const struct stat *st, GError **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) changed = NULL;

  if (st->st_nlink > 1 && !kslurm_pass_relink(pass, folder, name, st, error))
    return FALSE;
  if (g_hash_table_contains(pass->changed, name))
    return TRUE;
  bytes = map_file(folder, name, error);
  if (bytes == NULL)
    return FALSE;
  if (kslurm_relocation_apply(pass->relocation, name, bytes, &changed) ==
      KSLURM_RELOCATED_UNKNOWN)
    g_ptr_array_add(pass->unknown, g_strdup(name));
  if (changed == NULL)
    return TRUE;
  return kslurm_pass_replace(pass, folder, name, st, changed, error);
}

/* what went away since the list was made is no fault */
static gboolean
relocate_name(KslurmPass *pass, const char *name, GError **error)
{
  g_autoptr(GError) own_error = NULL;
  kslurm_autofd int folder = kslurm_venv_files_open_parent(pass->root, name, &own_error);
  struct stat st;

  if (g_error_matches(own_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  if (folder < 0) {
    g_propagate_error(error, g_steal_pointer(&own_error));
    return FALSE;
  }
  if (fstatat(folder, kslurm_venv_files_get_last(name), &st, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT || kslurm_set_errno(error, errno, _("cannot read '%s'"), name);
  if (S_ISLNK(st.st_mode))
    return kslurm_pass_retarget(pass, folder, name, &st, error);
  return !S_ISREG(st.st_mode) || relocate_file(pass, folder, name, &st, error);
}

/* a place with blanks is spelled otherwise in some of these, and the list is of its bytes
 */
static gboolean
may_spell(const char *name)
{
  return g_str_has_prefix(name, "bin/") || g_str_has_suffix(name, ".json") ||
         g_str_has_suffix(name, ".py") || g_str_has_suffix(name, ".pth");
}

static GPtrArray *
list_names(KslurmPass *pass, const char *const *hits, GError **error)
{
  gboolean all = hits == NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) files = NULL;

  for (; hits != NULL && *hits != NULL; hits++)
    if (all || kslurm_relocation_is_plain(pass->relocation) || !may_spell(*hits))
      g_ptr_array_add(names, g_strdup(*hits));
  if (!all && kslurm_relocation_is_plain(pass->relocation))
    return g_steal_pointer(&names);
  files = kslurm_venv_files_list(pass->root, error);
  if (files == NULL)
    return NULL;
  for (guint i = 0; i < files->len; i++)
    if (!g_str_has_suffix(files->pdata[i], ".pyc") && (all || may_spell(files->pdata[i])))
      g_ptr_array_add(names, g_strdup(files->pdata[i]));
  return g_steal_pointer(&names);
}

static gboolean
run_pass(KslurmPass *pass,
         const char *const *hits,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr(GPtrArray) names = list_names(pass, hits, error);

  for (guint i = 0; names != NULL && i < names->len; i++)
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !relocate_name(pass, names->pdata[i], error))
      return FALSE;
  return names != NULL && kslurm_pass_finish_links(pass, error) &&
         kslurm_pass_finish_records(pass, error);
}

/**
 * kslurm_venv_relocate: (skip)
 * @prefix: an environment that was just unpacked
 * @relocation: from where it was to where it is
 * @hits: (nullable) (array zero-terminated=1): the names of its files and symlinks that
 *   hold a place, or %NULL: search all
 * @unknown: (out) (transfer full) (array zero-terminated=1): the files that still name a
 *   place
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Makes the files of the environment name where it is. Each is replaced at once; hard
 * links stay together, the times of what Python does not compile stay, and RECORD knows
 * what changed. Nothing outside of @prefix is touched, whatever its symlinks say.
 *
 * Returns: whether all was done
 */
gboolean
kslurm_venv_relocate(const char *prefix,
                     KslurmRelocation *relocation,
                     const char *const *hits,
                     char ***unknown,
                     GCancellable *cancellable,
                     GError **error)
{
  kslurm_autofd int root = open(prefix, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_autoptr(GHashTable) changed =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  g_autoptr(GHashTable) linked =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  KslurmPass pass = {root, relocation, changed, linked, names};

  *unknown = NULL;
  if (root < 0)
    return kslurm_set_errno(error, errno, _("cannot open the folder '%s'"), prefix);
  if (!run_pass(&pass, hits, cancellable, error)) {
    g_prefix_error(error, _("cannot adapt the environment in '%s': "), prefix);
    return FALSE;
  }
  g_ptr_array_add(names, NULL);
  *unknown = (char **)g_ptr_array_steal(names, NULL);
  return TRUE;
}
