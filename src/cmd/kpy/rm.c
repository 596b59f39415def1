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

/* the active one stays where it is, and is saved no more */
static gboolean
forget_saved(KpySession *session, const char *name, GError **error)
{
  const char *prefix = kpy_session_find_active(session);
  g_autofree char *active = prefix != NULL ? kslurm_venv_state_dup_name(prefix) : NULL;

  if (g_strcmp0(active, name) != 0)
    return TRUE;
  if (!kslurm_venv_state_write(prefix, name, NULL, error))
    return FALSE;
  kpy_session_show_prompt(session, prefix);
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
