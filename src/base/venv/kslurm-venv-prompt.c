/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-prompt.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "base/util/kslurm-file.h"
#include "base/util/kslurm-text.h"
#include "base/venv/kslurm-pyvenv.h"
#include "base/venv/kslurm-venv-state.h"

static char *
dup_name(const char *prefix)
{
  g_autofree char *name = kslurm_venv_state_dup_name(prefix);
  g_autofree char *text = name == NULL ? kslurm_pyvenv_read(prefix, NULL) : NULL;
  g_autofree char *prompt = text != NULL ? kslurm_pyvenv_dup_value(text, "prompt") : NULL;

  if (name != NULL)
    return g_steal_pointer(&name);
  return prompt != NULL && prompt[0] != '\0' ? g_steal_pointer(&prompt)
                                             : g_path_get_basename(prefix);
}

/**
 * kslurm_venv_prompt_dup: (skip)
 * @prefix: the folder of an environment
 *
 * Returns: (transfer full): its name for a prompt, with '*' before it when what is
 *   installed was not saved
 */
char *
kslurm_venv_prompt_dup(const char *prefix)
{
  g_autofree char *name = dup_name(prefix);
  g_autofree char *clean = kslurm_text_clean(name);

  return g_strconcat(kslurm_venv_state_is_changed(prefix) ? "*" : "",
                     g_strdelimit(clean, "\n\t", ' '), NULL);
}

/**
 * kslurm_venv_prompt_write: (skip)
 * @prefix: the folder of an environment
 * @name: its name
 * @error: return location
 *
 * Returns: whether pyvenv.cfg has that prompt
 */
gboolean
kslurm_venv_prompt_write(const char *prefix, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename(prefix, "pyvenv.cfg", NULL);
  g_autofree char *text = kslurm_pyvenv_read(prefix, error);
  g_autofree char *changed =
      text != NULL ? kslurm_pyvenv_set_value(text, "prompt", name) : NULL;
  struct stat st;
  int mode = g_stat(path, &st) == 0 ? (int)(st.st_mode & 0777) : 0666;

  return changed != NULL && kslurm_file_replace_itself(path, changed, -1, mode, error);
}
