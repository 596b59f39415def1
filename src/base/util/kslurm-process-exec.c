/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-process-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util/kslurm-error-private.h"

static gboolean
is_of_slurm(const char *program)
{
  static const char *const programs[] = {"sacct",   "sacctmgr", "salloc", "sbatch",
                                         "scancel", "scontrol", "sinfo",  "squeue",
                                         "srun",    NULL};

  return g_strv_contains(programs, program);
}

/**
 * kslurm_process_set_spawn_error: (skip)
 * @program: what could not be run
 * @code: the errno of the attempt
 * @error: return location
 */
void
kslurm_process_set_spawn_error(const char *program, int code, GError **error)
{
  if (code == ENOENT && !is_of_slurm(program) && strchr(program, '/') == NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND, _("'%s' is not on the PATH"),
                program);
  else if (code == ENOENT && is_of_slurm(program))
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("'%s' is not on the PATH; this needs a machine with Slurm's programs, or "
                  "try 'kslurm sandbox'"),
                program);
  else
    kslurm_set_errno(error, code, _("cannot run '%s'"), program);
}

/**
 * kslurm_process_exec: (skip)
 * @argv: the argument vector; the program is looked up on the PATH of its environment
 * @envp: (nullable): its environment, or %NULL for ours
 * @error: return location
 *
 * Becomes another program, so that terminal, signals and status are that program's own.
 *
 * Returns: %FALSE with @error set; on success it does not return
 */
gboolean
kslurm_process_exec(const char *const *argv, const char *const *envp, GError **error)
{
  sigset_t none;
  char **ours = environ;

  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  /* the program is looked up where the new environment says */
  if (envp != NULL)
    environ = (char **)envp;
  execvp(argv[0], (char **)argv);
  environ = ours;
  kslurm_process_set_spawn_error(argv[0], errno, error);
  return FALSE;
}

/**
 * kslurm_process_exit_status: (skip)
 * @wait_status: what waitpid() gave
 *
 * Returns: the exit status as a shell would show it
 */
int
kslurm_process_exit_status(int wait_status)
{
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}
