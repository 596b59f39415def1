/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>

#include "base/args/kslurm-output.h"
#include "base/util/kslurm-error.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/session.h"

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "name",
     .shape = N_("NAME"),
     .help = N_("one that is loaded on this node; without, a list"),
     .complete = "loaded",
     .max = 1},
    {0}};

const KslurmArg *const kpy_activate_args[] = {rows, kslurm_args_shell, kslurm_args_common,
                                              NULL};

static int
print_loaded(KpySession *session, KslurmVenvIndex *index, GError **error)
{
  g_auto(GStrv) names = kslurm_venv_index_list_names(index, error);
  g_autoptr(GString) text = g_string_new(NULL);

  if (names == NULL)
    return 1;
  for (gsize i = 0; names[i] != NULL; i++)
    g_string_append_printf(text, "%s\n", names[i]);
  if (names[0] == NULL)
    kslurm_call_note(session->call,
                     _("nothing is loaded on this node; 'kpy load' lists what is saved"));
  kslurm_output_print(session->call, text->str);
  return 0;
}

int
kpy_run_activate(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  KslurmVenvIndex *index = NULL;
  const char *name = kslurm_call_get(call, "name");
  g_autofree char *prefix = NULL;
  g_autoptr(GError) failure = NULL;

  if (session == NULL || (index = kpy_session_get_index(session, error)) == NULL)
    return 1;
  if (name == NULL)
    return print_loaded(session, index, error);
  prefix = kslurm_venv_index_dup_prefix(index, name, &failure);
  if (prefix != NULL && !session->compute) {
    g_autofree char *line = kpy_session_dup_enter(session, name, prefix);

    g_set_error(&failure, KSLURM_ERROR, KSLURM_ERROR_WRONG_NODE,
                _("'activate' is for compute nodes; here, enter it with: %s"), line);
  }
  if (prefix == NULL && failure == NULL)
    g_set_error(&failure, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("'%s' is not loaded on this node; load it with 'kpy load %s'"), name,
                name);
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return 1;
  }
  return kpy_session_enter(session, prefix, error);
}
