/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <string.h>

#include "base/args/kslurm-output.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-process.h"
#include "base/util/kslurm-text.h"
#include "base/util/kslurm-tree.h"
#include "base/venv/kslurm-python.h"
#include "base/venv/kslurm-relocation.h"
#include "base/venv/kslurm-venv-name.h"
#include "base/venv/kslurm-venv-prompt.h"
#include "base/venv/kslurm-venv-state.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/session.h"

static KslurmTake
take_version(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  return (text[0] == '2' || text[0] == '3') && (text[1] == '.' || text[1] == '\0') &&
                 text[strspn(text, "0123456789.")] == '\0'
             ? KSLURM_TAKE_YES
             : KSLURM_TAKE_NO;
}

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_WORD,
     .name = "python",
     .shape = "3.x",
     .help = N_("the version of Python (default: python3's)"),
     .max = 1,
     .take = take_version},
    {.kind = KSLURM_ARG_OPERAND,
     .name = "name",
     .shape = N_("NAME"),
     .help = N_("its name until it is saved (default: venv, venv1, …)"),
     .max = 1},
    {0}};

const KslurmArg *const kpy_create_args[] = {rows, kslurm_args_shell, kslurm_args_common,
                                            NULL};

static gboolean
run_python(const char *const *argv, GCancellable *cancellable, GError **error)
{
  const KslurmProcessSpec spec = {.argv = argv};
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, cancellable, error);
  g_autofree char *said = NULL;

  if (result == NULL || result->status == 0)
    return result != NULL;
  said = kslurm_text_clean(result->errors[0] != '\0' ? result->errors : result->output);
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, _("'%s' failed: %s"), argv[0],
              g_strstrip(said));
  return FALSE;
}

static gboolean
make(KpySession *session,
     const char *python,
     const char *prefix,
     const char *name,
     GCancellable *cancellable,
     GError **error)
{
  g_autofree char *prompt = g_strconcat("--prompt=", name, NULL);
  const char *const argv[] = {python, "-m", "venv", prompt, prefix, NULL};
  g_autofree char *label = g_strdup_printf(_("making '%s' with %s"), name, python);

  kslurm_progress_begin(kslurm_call_get_progress(session->call), label, 0, 0);
  return run_python(argv, cancellable, error);
}

/* an older pip works too: without an index, or when it refuses, it stays */
static void
upgrade_pip(KpySession *session, const char *prefix, GCancellable *cancellable)
{
  g_autofree char *python = g_build_filename(prefix, "bin", "python", NULL);
  const char *const argv[] = {python,      "-m",        "pip",       "install",
                              "--quiet",   "--upgrade", "--timeout", "10",
                              "--retries", "0",         "pip",       NULL};
  g_autoptr(GError) failure = NULL;

  if (!session->network || run_python(argv, cancellable, &failure))
    return;
  if (!g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    kslurm_call_note(session->call, _("pip was not upgraded: no index answered"));
}

static char *
dup_name(KpySession *session, KslurmVenvIndex *index, GError **error)
{
  const char *name = kslurm_call_get(session->call, "name");
  g_auto(GStrv) taken = kslurm_venv_index_list_names(index, error);

  if (taken == NULL)
    return NULL;
  if (name == NULL)
    return kslurm_venv_name_dup_free((const char *const *)taken);
  if (!kslurm_venv_name_check(name, error))
    return NULL;
  if (g_strv_contains((const char *const *)taken, name)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
                _("'%s' is on this node already; choose another name"), name);
    return NULL;
  }
  return g_strdup(name);
}

/* who makes another at the same time may take the name that was free */
static gboolean
add(KpySession *session,
    KslurmVenvIndex *index,
    const char *prefix,
    const char *name,
    GError **error)
{
  g_autofree char *next = NULL;
  g_autoptr(GError) failure = NULL;

  if (!kslurm_venv_state_write(prefix, name, NULL, error))
    return FALSE;
  if (kslurm_venv_index_add(index, name, prefix, &failure))
    return TRUE;
  if (kslurm_call_has(session->call, "name") ||
      !g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_EXISTS)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  next = dup_name(session, index, error);
  return next != NULL && kslurm_venv_prompt_write(prefix, next, error) &&
         add(session, index, prefix, next, error);
}

int
kpy_run_create(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  KslurmVenvIndex *index = NULL;
  g_autofree char *name = NULL;
  g_autofree char *python = NULL;
  g_autofree char *prefix = NULL;

  if (session == NULL || (index = kpy_session_get_index(session, error)) == NULL ||
      (name = dup_name(session, index, error)) == NULL ||
      (python = kslurm_python_find(kslurm_call_get(call, "python"), cancellable, error)) ==
          NULL ||
      (prefix = kslurm_venv_index_make_prefix(index, name, error)) == NULL)
    return 1;
  if (kslurm_relocation_check_place(prefix, error) &&
      make(session, python, prefix, name, cancellable, error)) {
    upgrade_pip(session, prefix, cancellable);
    kslurm_progress_end(kslurm_call_get_progress(call));
    if (!g_cancellable_set_error_if_cancelled(cancellable, error) &&
        add(session, index, prefix, name, error))
      return kpy_session_enter(session, prefix, error);
  }
  kslurm_tree_remove(prefix, NULL);
  return 1;
}
