/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>

#include "base/args/kslurm-output.h"
#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-name.h"
#include "base/venv/kslurm-venv-prompt.h"
#include "base/venv/kslurm-venv-state.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/session.h"

static const KslurmArg rows[] = {{.kind = KSLURM_ARG_OPERAND,
                                  .name = "name",
                                  .shape = N_("NAME"),
                                  .help = N_("a saved or loaded environment"),
                                  .complete = "environments|loaded",
                                  .min = 1,
                                  .max = 1},
                                 {.kind = KSLURM_ARG_OPERAND,
                                  .name = "new",
                                  .shape = N_("NEW"),
                                  .help = N_("its new name"),
                                  .min = 1,
                                  .max = 1},
                                 {0}};

const KslurmArg *const kpy_rename_args[] = {rows, kslurm_args_shell, kslurm_args_common,
                                            NULL};

static gboolean
rename_loaded(KpySession *session,
              const char *prefix,
              const char *name,
              const char *to,
              GError **error)
{
  g_auto(GStrv) packages = kslurm_venv_state_dup_packages(prefix);

  if (!kslurm_venv_index_rename(session->index, name, to, error) ||
      !kslurm_venv_prompt_write(prefix, to, error) ||
      !kslurm_venv_state_write(prefix, to, packages, error))
    return FALSE;
  kpy_session_show_prompt(session, prefix);
  return TRUE;
}

/* one that was only loaded or made here is in no store */
static gboolean
rename_saved(
    KpySession *session, const char *name, const char *to, gboolean loaded, GError **error)
{
  KslurmVenvStore *store = NULL;
  g_autofree char *path = NULL;

  store = kpy_session_get_store(session, loaded ? NULL : error);
  if (store == NULL)
    return loaded;
  path = kslurm_venv_store_find(store, name, loaded ? NULL : error);
  if (path == NULL)
    return loaded;
  return kslurm_venv_store_rename(store, name, to, error);
}

int
kpy_run_rename(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  const char *name = kslurm_call_get(call, "name");
  const char *to = kslurm_call_get(call, "new");
  KslurmVenvIndex *index = NULL;
  g_autofree char *prefix = NULL;
  g_autofree char *other = NULL;

  if (session == NULL || !kslurm_venv_name_check(to, error) ||
      (index = kpy_session_get_index(session, error)) == NULL)
    return 1;
  prefix = kslurm_venv_index_dup_prefix(index, name, NULL);
  other = kslurm_venv_index_dup_prefix(index, to, NULL);
  if (prefix != NULL && other != NULL) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
                _("'%s' is on this node already; choose another name"), to);
    return 1;
  }
  if (!rename_saved(session, name, to, prefix != NULL, error) ||
      (prefix != NULL && !rename_loaded(session, prefix, name, to, error)))
    return 1;
  return 0;
}
