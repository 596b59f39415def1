/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/venv/kslurm-venv-files.h"
#include "base/venv/kslurm-venv-relocate-private.h"

/* a folder that nobody may write to, for as long as we do */
typedef struct {
  int fd;
  mode_t mode;
} Opened;

static void
opened_clear(Opened *opened)
{
  if (opened->fd >= 0)
    fchmod(opened->fd, opened->mode);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Opened, opened_clear)

static Opened
open_folder(int folder)
{
  Opened opened = {-1, 0};
  struct stat st;

  if (fstat(folder, &st) != 0 || (st.st_mode & 0300) == 0300)
    return opened;
  opened.mode = st.st_mode & 07777;
  if (fchmod(folder, opened.mode | 0700) == 0)
    opened.fd = folder;
  return opened;
}

static char *
dup_key(const struct stat *st)
{
  return g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)st->st_dev,
                         (guint64)st->st_ino);
}

static gboolean
rename_within(int folder, const char *from, const char *to, GError **error)
{
  if (renameat(folder, from, folder, kslurm_venv_files_get_last(to)) == 0)
    return TRUE;
  kslurm_set_errno(error, errno, _("cannot write '%s'"), to);
  unlinkat(folder, from, 0);
  return FALSE;
}

/* the size may be the same: with its time kept, Python would take the stale code */
static void
remove_compiled_in(int folder, const char *begin)
{
  kslurm_autofd int fd =
      openat(folder, "__pycache__", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  g_autoptr(GPtrArray) names = fd >= 0 ? kslurm_venv_files_list(fd, NULL) : NULL;

  for (guint i = 0; names != NULL && i < names->len; i++)
    if (g_str_has_prefix(names->pdata[i], begin) &&
        g_str_has_suffix(names->pdata[i], ".pyc"))
      unlinkat(fd, names->pdata[i], 0);
}

static void
remove_compiled(int folder, const char *name)
{
  g_autofree char *begin = g_strndup(name, strlen(name) - strlen("py"));
  g_autofree char *beside = g_strconcat(name, "c", NULL);

  remove_compiled_in(folder, begin);
  unlinkat(folder, beside, 0);
}

static gboolean
write_content(int fd, const struct stat *st, GBytes *bytes, gboolean keep_time)
{
  const struct timespec times[] = {st->st_atim, st->st_mtim};
  gsize length = 0;
  const char *data = g_bytes_get_data(bytes, &length);

  return kslurm_fd_write_all(fd, data, length) && fchmod(fd, st->st_mode & 0777) == 0 &&
         (!keep_time || futimens(fd, times) == 0);
}

static gboolean
replace_file(int folder,
             const char *name,
             const struct stat *st,
             GBytes *bytes,
             gboolean keep_time,
             GError **error)
{
  g_autofree char *temporary = g_strdup_printf(".kslurm-%08x", g_random_int());
  kslurm_autofd int fd =
      openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    return kslurm_set_errno(error, errno, _("cannot write beside '%s'"), name);
  if (!write_content(fd, st, bytes, keep_time)) {
    kslurm_set_errno(error, errno, _("cannot write '%s'"), name);
    unlinkat(folder, temporary, 0);
    return FALSE;
  }
  return rename_within(folder, temporary, name, error);
}

/**
 * kslurm_pass_replace: (skip)
 * @pass: a pass
 * @folder: the folder that the file is in
 * @name: of the file, relative to the environment
 * @st: what it was
 * @bytes: its new content
 * @error: return location
 *
 * Returns: whether the file has the new content
 */
gboolean
kslurm_pass_replace(KslurmPass *pass,
                    int folder,
                    const char *name,
                    const struct stat *st,
                    GBytes *bytes,
                    GError **error)
{
  const char *last = kslurm_venv_files_get_last(name);
  gboolean is_python = g_str_has_suffix(last, ".py");
  G_GNUC_UNUSED g_auto(Opened) opened = open_folder(folder);

  if (!replace_file(folder, name, st, bytes, !is_python, error))
    return FALSE;
  if (is_python)
    remove_compiled(folder, last);
  g_hash_table_insert(pass->changed, g_strdup(name), g_bytes_ref(bytes));
  if (st->st_nlink > 1)
    g_hash_table_insert(pass->linked, dup_key(st), g_strdup(name));
  return TRUE;
}

/**
 * kslurm_pass_retarget: (skip)
 * @pass: a pass
 * @folder: the folder that the symlink is in
 * @name: of the symlink, relative to the environment
 * @st: what it is
 * @error: return location
 *
 * Lets a symlink that led to a place lead to the new one.
 *
 * Returns: whether all is well; other symlinks are left alone
 */
gboolean
kslurm_pass_retarget(
    KslurmPass *pass, int folder, const char *name, const struct stat *st, GError **error)
{
  const struct timespec times[] = {st->st_atim, st->st_mtim};
  char target[4097] = "";
  gssize length =
      readlinkat(folder, kslurm_venv_files_get_last(name), target, sizeof target - 1);
  g_autofree char *changed = NULL;
  g_autofree char *temporary = g_strdup_printf(".kslurm-%08x", g_random_int());
  G_GNUC_UNUSED g_auto(Opened) opened = {-1, 0};

  if (length < 0)
    return kslurm_set_errno(error, errno, _("cannot read '%s'"), name);
  changed = kslurm_relocation_dup_target(pass->relocation, target);
  if (changed == NULL)
    return TRUE;
  opened = open_folder(folder);
  if (symlinkat(changed, folder, temporary) != 0)
    return kslurm_set_errno(error, errno, _("cannot write beside '%s'"), name);
  utimensat(folder, temporary, times, AT_SYMLINK_NOFOLLOW);
  return rename_within(folder, temporary, name, error);
}

/**
 * kslurm_pass_relink: (skip)
 * @pass: a pass
 * @folder: the folder that the file is in
 * @name: of the file, relative to the environment
 * @st: what it is
 * @error: return location
 *
 * Gives the new content to another name of a file that changed.
 *
 * Returns: whether all is well; names of other files are left alone
 */
gboolean
kslurm_pass_relink(
    KslurmPass *pass, int folder, const char *name, const struct stat *st, GError **error)
{
  g_autofree char *key = dup_key(st);
  const char *first = g_hash_table_lookup(pass->linked, key);
  const char *last = kslurm_venv_files_get_last(name);
  g_autofree char *temporary = g_strdup_printf(".kslurm-%08x", g_random_int());
  G_GNUC_UNUSED g_auto(Opened) opened = {-1, 0};
  kslurm_autofd int from = -1;

  if (first == NULL || g_hash_table_contains(pass->changed, name))
    return TRUE;
  opened = open_folder(folder);
  from = kslurm_venv_files_open_parent(pass->root, first, error);
  if (from < 0)
    return FALSE;
  if (linkat(from, kslurm_venv_files_get_last(first), folder, temporary, 0) != 0)
    return kslurm_set_errno(error, errno, _("cannot write beside '%s'"), name);
  if (!rename_within(folder, temporary, name, error))
    return FALSE;
  if (g_str_has_suffix(last, ".py"))
    remove_compiled(folder, last);
  g_hash_table_insert(pass->changed, g_strdup(name),
                      g_bytes_ref(g_hash_table_lookup(pass->changed, first)));
  return TRUE;
}

/**
 * kslurm_pass_finish_links: (skip)
 * @pass: a pass
 * @error: return location
 *
 * Finds the other names of changed files that the list of hits did not have: an archive
 * holds the bytes under one name only.
 *
 * Returns: whether no name leads to an old content
 */
gboolean
kslurm_pass_finish_links(KslurmPass *pass, GError **error)
{
  g_autoptr(GPtrArray) names = NULL;

  if (g_hash_table_size(pass->linked) == 0)
    return TRUE;
  names = kslurm_venv_files_list(pass->root, error);
  for (guint i = 0; names != NULL && i < names->len; i++) {
    const char *name = names->pdata[i];
    kslurm_autofd int folder = kslurm_venv_files_open_parent(pass->root, name, error);
    const char *last = kslurm_venv_files_get_last(name);
    struct stat st;

    if (folder < 0)
      return FALSE;
    if (fstatat(folder, last, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
        !kslurm_pass_relink(pass, folder, name, &st, error))
      return FALSE;
  }
  return names != NULL;
}
