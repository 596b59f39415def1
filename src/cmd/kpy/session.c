/* SPDX-License-Identifier: MIT */
#include "cmd/kpy/session.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/kslurm-archive.h"
#include "base/args/kslurm-output.h"
#include "base/config/kslurm-folder.h"
#include "base/shell/kslurm-pip-links.h"
#include "base/slurm/kslurm-node.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-quote.h"
#include "base/venv/kslurm-scratch.h"
#include "base/venv/kslurm-venv-prompt.h"
#include "cmd/kpy/subshell.h"
#include "cmd/load-config.h"

/**
 * kpy_session_new: (skip)
 * @call: the call that is run
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what its verb works with
 */
KpySession *
kpy_session_new(KslurmCall *call, GError **error)
{
  g_autoptr(KpySession) session = g_new0(KpySession, 1);
  g_autofree char *host = kslurm_node_dup_host();
  const char *const *environ = NULL;

  session->call = call;
  session->environ = g_get_environ();
  session->config = kslurm_load_config(call, error);
  if (session->config == NULL)
    return NULL;
  environ = (const char *const *)session->environ;
  session->compute = kslurm_node_is_compute(session->config, environ, host);
  session->network = kslurm_node_has_network(session->config, environ, host);
  return g_steal_pointer(&session);
}

/**
 * kpy_session_free: (skip)
 * @session: (transfer full): a session
 */
void
kpy_session_free(KpySession *session)
{
  g_clear_pointer(&session->config, kslurm_config_unref);
  g_clear_pointer(&session->store, kslurm_venv_store_free);
  g_clear_pointer(&session->index, kslurm_venv_index_free);
  g_strfreev(session->environ);
  g_free(session);
}

static char *
dup_pipdir(KpySession *session, GError **error)
{
  g_autoptr(GError) failure = NULL;
  char *pipdir = kslurm_folder_dup(session->config, "pipdir",
                                   (const char *const *)session->environ, &failure);

  if (failure != NULL)
    g_propagate_error(error, g_steal_pointer(&failure));
  else if (pipdir == NULL)
    g_set_error_literal(
        error, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED,
        _("'pipdir' is not set; choose a folder on project storage for environments and "
          "wheels with 'kslurm config pipdir FOLDER'"));
  return pipdir;
}

/**
 * kpy_session_get_store: (skip)
 * @session: a session
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the saved environments
 */
KslurmVenvStore *
kpy_session_get_store(KpySession *session, GError **error)
{
  g_autofree char *pipdir = NULL;

  if (session->store != NULL)
    return session->store;
  pipdir = dup_pipdir(session, error);
  if (pipdir != NULL)
    session->store = kslurm_venv_store_new(pipdir, kslurm_archive_read_facts);
  return session->store;
}

/**
 * kpy_session_dup_wheels: (skip)
 * @session: a session
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the wheelhouse, which is made
 */
char *
kpy_session_dup_wheels(KpySession *session, GError **error)
{
  g_autofree char *pipdir = dup_pipdir(session, error);
  g_autofree char *wheels = NULL;

  if (pipdir == NULL)
    return NULL;
  wheels = g_build_filename(pipdir, "wheels", NULL);
  if (g_mkdir_with_parents(wheels, 0777) != 0) {
    kslurm_set_errno(error, errno, "%s", wheels);
    return NULL;
  }
  return g_steal_pointer(&wheels);
}

/* a look mends what is damaged; what else is wrong with the index, its users are told */
static void
note_mended(KpySession *session)
{
  g_auto(GStrv) names = kslurm_venv_index_list_names(session->index, NULL);
  const char *notice = kslurm_venv_index_get_notice(session->index);

  if (notice != NULL)
    kslurm_call_note(session->call, "%s", notice);
}

/**
 * kpy_session_get_index: (skip)
 * @session: a session
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the environments on this node's scratch
 */
KslurmVenvIndex *
kpy_session_get_index(KpySession *session, GError **error)
{
  g_autofree char *folder = NULL;

  if (session->index != NULL)
    return session->index;
  folder =
      kslurm_scratch_make(session->config, (const char *const *)session->environ, error);
  if (folder != NULL)
    session->index = kslurm_venv_index_open(folder);
  if (session->index != NULL)
    note_mended(session);
  return session->index;
}

/**
 * kpy_session_dup_enter: (skip)
 * @session: a session
 * @name: an environment that is loaded on this node
 * @prefix: its folder
 *
 * Returns: (transfer full): a line of shell that enters it; 'activate' is for compute nodes
 */
char *
kpy_session_dup_enter(KpySession *session, const char *name, const char *prefix)
{
  g_autofree char *script = g_build_filename(prefix, "bin", "activate", NULL);

  return session->compute
             ? kslurm_shell_join(KSLURM_DIALECT_BASH,
                                 (const char *const[]){"kpy", "activate", name, NULL})
             : kslurm_shell_join(KSLURM_DIALECT_BASH,
                                 (const char *const[]){"source", script, NULL});
}

/**
 * kpy_session_find_active: (skip)
 * @session: a session
 *
 * Returns: (transfer none) (nullable): the folder of the environment that is active
 */
const char *
kpy_session_find_active(KpySession *session)
{
  const char *prefix = g_environ_getenv(session->environ, "VIRTUAL_ENV");
  g_autofree char *settings = NULL;

  if (prefix == NULL || !g_path_is_absolute(prefix))
    return NULL;
  settings = g_build_filename(prefix, "pyvenv.cfg", NULL);
  return g_file_test(settings, G_FILE_TEST_IS_REGULAR) ? prefix : NULL;
}

/**
 * kpy_session_get_active: (skip)
 * @session: a session
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the folder of the environment that is active
 */
const char *
kpy_session_get_active(KpySession *session, GError **error)
{
  const char *prefix = kpy_session_find_active(session);
  const char *named = g_environ_getenv(session->environ, "VIRTUAL_ENV");

  if (prefix == NULL && named != NULL && !g_file_test(named, G_FILE_TEST_EXISTS))
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("the environment '%s' is gone; leave it with 'deactivate'"), named);
  else if (prefix == NULL)
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                        _("no environment is active; make one with 'kpy create', or load "
                          "one with 'kpy load NAME'"));
  return prefix;
}

/**
 * kpy_session_show_prompt: (skip)
 * @session: a session
 * @prefix: an environment's folder, of which the name or state changed
 *
 * Lets a shell in which the environment is active show its name.
 */
void
kpy_session_show_prompt(KpySession *session, const char *prefix)
{
  g_autofree char *prompt = NULL;
  const char *active = kpy_session_find_active(session);

  if (g_strcmp0(active, prefix) != 0)
    return;
  prompt = kslurm_venv_prompt_dup(prefix);
  kslurm_output_print_code(session->call,
                           (const char *const[]){"__kslurm_prompt", prompt, NULL});
}

static const char *
get_variable(char **environ, const char *name)
{
  const char *value = g_environ_getenv(environ, name);

  return value != NULL ? value : "";
}

/**
 * kpy_session_enter: (skip)
 * @session: a session
 * @prefix: an environment's folder
 * @error: return location
 *
 * Activates an environment: in the shell that evaluates our output, in a shell of its own
 * on a terminal; else its folder is printed.
 *
 * Returns: the exit status
 */
int
kpy_session_enter(KpySession *session, const char *prefix, GError **error)
{
  g_autofree char *prompt = kslurm_venv_prompt_dup(prefix);
  g_auto(GStrv) environ = kslurm_pip_environ_set(
      g_strdupv(session->environ), session->config, prefix, !session->network);
  const char *const words[] = {"__kslurm_activate",
                               prefix,
                               prompt,
                               get_variable(environ, "PIP_FIND_LINKS"),
                               get_variable(environ, "UV_FIND_LINKS"),
                               session->network ? "0" : "1",
                               NULL};
  KslurmDialect dialect;

  if (kslurm_output_is_code(session->call, &dialect)) {
    kslurm_output_print_code(session->call, words);
    return 0;
  }
  if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
    return kpy_subshell_exec(session, prefix, error);
  printf("%s\n", prefix);
  return 0;
}
