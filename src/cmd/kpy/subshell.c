/* SPDX-License-Identifier: MIT */
#include "cmd/kpy/subshell.h"

#include "base/shell/kslurm-pip-links.h"
#include "base/shell/kslurm-shell-start.h"
#include "base/util/kslurm-dialect.h"
#include "base/util/kslurm-process.h"
#include "base/venv/kslurm-venv-activation.h"
#include "base/venv/kslurm-venv-prompt.h"

static char **
dup_environ(KpySession *session, const char *prefix)
{
  g_autofree char *prompt = kslurm_venv_prompt_dup(prefix);
  char **environ = kslurm_venv_activation_set(g_strdupv(session->environ), prefix, prompt);

  return kslurm_pip_environ_set(environ, session->config, prefix, !session->network);
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
  const char *shell = g_environ_getenv(session->environ, "SHELL");
  g_autofree char *name = g_path_get_basename(shell != NULL ? shell : "bash");
  KslurmDialect dialect = KSLURM_DIALECT_BASH;
  g_autofree char *folder = kslurm_dialect_parse(name, &dialect, NULL)
                                ? kslurm_shell_start_make(dialect, session->config, NULL)
                                : NULL;
  g_auto(GStrv) environ = dup_environ(session, prefix);
  g_auto(GStrv) words = kslurm_shell_start_dup_words(
      shell != NULL ? shell : "/bin/bash", folder, g_environ_getenv(environ, "ZDOTDIR"));

  kslurm_call_print_notes(session->call);
  kslurm_process_exec((const char *const *)words, (const char *const *)environ, error);
  return 1;
}
