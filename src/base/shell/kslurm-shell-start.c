/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-shell-start.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/shell/kslurm-shell-file.h"
#include "base/shell/kslurm-shell-text.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"

#define LIMIT ((gsize)64 * 1024)

static const struct {
  KslurmDialect dialect;
  const char *constant, *name;
} files[] = {
    {KSLURM_DIALECT_BASH, "krun.bash", "krun.bash"},
    {KSLURM_DIALECT_ZSH, "krun.zshenv", ".zshenv"},
    {KSLURM_DIALECT_ZSH, "krun.zshrc", ".zshrc"},
    {KSLURM_DIALECT_FISH, "krun.fish", "krun.fish"},
};

static gboolean
keep(const char *folder, const char *name, GBytes *content, GError **error)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GBytes) present = kslurm_file_read(path, LIMIT, NULL);

  if (present != NULL && g_bytes_equal(present, content))
    return TRUE;
  return kslurm_file_replace(path, g_bytes_get_data(content, NULL),
                             (gssize)g_bytes_get_size(content), 0600, error);
}

/**
 * kslurm_shell_start_make: (skip)
 * @dialect: the shell that krun opens
 * @config: the configuration
 * @error: return location
 *
 * Makes what a shell on a node reads when it starts, which is the user's own start-up
 * file, then the file of kslurm_shell_file_make(). Where all is as it was, nothing is
 * written.
 *
 * Returns: (transfer full) (nullable): the folder, or %NULL with @error set
 */
char *
kslurm_shell_start_make(KslurmDialect dialect, KslurmConfig *config, GError **error)
{
  g_autofree char *state = kslurm_dirs_dup_state();
  g_autofree char *folder = g_build_filename(state, "start", NULL);

  if (!kslurm_shell_file_make(dialect, config, error))
    return NULL;
  if (g_mkdir_with_parents(folder, 0700) != 0) {
    kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), folder);
    return NULL;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autoptr(GBytes) content = kslurm_shell_text_get_constant(files[i].constant);

    if (files[i].dialect == dialect && !keep(folder, files[i].name, content, error))
      return NULL;
  }
  return g_steal_pointer(&folder);
}

/**
 * kslurm_shell_start_dup_words: (skip)
 * @shell: the user's shell
 * @folder: (nullable): of kslurm_shell_start_make(), maybe on another node
 * @zdotdir: (nullable): the user's own ZDOTDIR
 *
 * A shell of a kind that we have no text for, or without @folder, starts as it always did.
 *
 * Returns: (transfer full): what starts the shell so that it reads the user's own start-up
 *   file and then our text; zsh takes that only from a folder, which gives the user's own
 *   back
 */
char **
kslurm_shell_start_dup_words(const char *shell, const char *folder, const char *zdotdir)
{
  g_autofree char *name = g_path_get_basename(shell);
  g_autoptr(GStrvBuilder) words = g_strv_builder_new();
  g_autofree char *file = g_strdup_printf("%s/krun.%s", folder, name);
  g_autofree char *own = g_strconcat("__kslurm_zdotdir=", zdotdir, NULL);
  g_autofree char *ours = g_strconcat("ZDOTDIR=", folder, NULL);

  if (folder != NULL && g_str_equal(name, "zsh"))
    g_strv_builder_add_many(words, "env", ours, own, NULL);
  g_strv_builder_add(words, shell);
  if (folder != NULL && g_str_equal(name, "bash")) {
    g_strv_builder_add_many(words, "--rcfile", file, NULL);
  } else if (folder != NULL && g_str_equal(name, "fish")) {
    g_autofree char *quoted = kslurm_shell_quote(KSLURM_DIALECT_FISH, file);
    g_autofree char *source = g_strconcat("source ", quoted, NULL);

    g_strv_builder_add_many(words, "-C", source, NULL);
  }
  return g_strv_builder_end(words);
}
