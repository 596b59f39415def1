/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>

#include "base/args/kslurm-output.h"
#include "base/venv/kslurm-venv-state.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/session.h"

static const KslurmArg rows[] = {{.kind = KSLURM_ARG_OPERAND,
                                  .name = "name",
                                  .shape = N_("NAME"),
                                  .help = N_("a saved environment; several may be named"),
                                  .complete = "environments",
                                  .min = 1},
                                 {0}};

const KslurmArg *const kpy_rm_args[] = {rows, kslurm_args_shell, kslurm_args_common, NULL};

static gboolean
forget(const char *prefix, const char *name, GError **error)
{
  g_autofree char *known = prefix != NULL ? kslurm_venv_state_dup_name(prefix) : NULL;

  return g_strcmp0(known, name) != 0 || kslurm_venv_state_write(prefix, name, NULL, error);
}

/* what is loaded here stays, and is saved no more: 'kpy clean' must not take it */
static gboolean
forget_saved(KpySession *session, const char *name, GError **error)
{
  const char *active = kpy_session_find_active(session);
  KslurmVenvIndex *index = kpy_session_get_index(session, NULL);
  g_autofree char *loaded =
      index != NULL ? kslurm_venv_index_dup_prefix(index, name, NULL) : NULL;

  if (!forget(active, name, error) || !forget(loaded, name, error))
    return FALSE;
  if (active != NULL)
    kpy_session_show_prompt(session, active);
  return TRUE;
}

int
kpy_run_rm(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  KslurmVenvStore *store = session != NULL ? kpy_session_get_store(session, error) : NULL;
  guint count = kslurm_call_count(call, "name");

  if (store == NULL)
    return 1;
  /* a slip in one name removes none */
  for (guint i = 0; i < count; i++) {
    g_autofree char *path =
        kslurm_venv_store_find(store, kslurm_call_get_nth(call, "name", i), error);

    if (path == NULL)
      return 1;
  }
  for (guint i = 0; i < count; i++) {
    const char *name = kslurm_call_get_nth(call, "name", i);

    if (!kslurm_venv_store_remove(store, name, error) ||
        !forget_saved(session, name, error))
      return 1;
  }
  return 0;
}
