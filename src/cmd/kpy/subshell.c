/* SPDX-License-Identifier: MIT */
#include "cmd/kpy/subshell.h"

#include "base/shell/kslurm-pip-links.h"
#include "base/shell/kslurm-shell-start.h"
#include "base/util/kslurm-dialect.h"
#include "base/util/kslurm-process.h"
#include "base/venv/kslurm-venv-activation.h"
#include "base/venv/kslurm-venv-prompt.h"

/**
 * kpy_subshell_dup_environ: (skip)
 * @session: a session
 * @prefix: an environment's folder, which may come later
 * @prompt: what a prompt shows
 *
 * Returns: (transfer full): the variables of what runs in the environment
 */
char **
kpy_subshell_dup_environ(KpySession *session, const char *prefix, const char *prompt)
{
  char **environ = kslurm_venv_activation_set(g_strdupv(session->environ), prefix, prompt);

  return kslurm_pip_environ_set(environ, session->config, prefix, !session->network);
}

/**
 * kpy_subshell_dup_words: (skip)
 * @session: a session
 * @environ: the shell's variables
 *
 * Returns: (transfer full): the user's shell, which reads our text
 */
char **
kpy_subshell_dup_words(KpySession *session, char **environ)
{
  const char *shell = g_environ_getenv(session->environ, "SHELL");
  g_autofree char *name = g_path_get_basename(shell != NULL ? shell : "bash");
  KslurmDialect dialect = KSLURM_DIALECT_BASH;
  g_autofree char *folder = kslurm_dialect_parse(name, &dialect, NULL)
                                ? kslurm_shell_start_make(dialect, session->config, NULL)
                                : NULL;

  return kslurm_shell_start_dup_words(shell != NULL ? shell : "/bin/bash", folder,
                                      g_environ_getenv(environ, "ZDOTDIR"));
}

/**
 * kpy_subshell_exec: (skip)
 * @session: a session on a terminal
 * @prefix: an environment's folder
 * @error: return location
 *
 * Becomes the user's shell, in which the environment is active.
 *
 * Returns: the exit status of a failure
 */
int
kpy_subshell_exec(KpySession *session, const char *prefix, GError **error)
{
  g_autofree char *prompt = kslurm_venv_prompt_dup(prefix);
  g_auto(GStrv) environ = kpy_subshell_dup_environ(session, prefix, prompt);
  g_auto(GStrv) words = kpy_subshell_dup_words(session, environ);

  kslurm_call_print_notes(session->call);
  kslurm_process_exec((const char *const *)words, (const char *const *)environ, error);
  return 1;
}
