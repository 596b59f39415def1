/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>

#include "base/args/kslurm-output.h"
#include "base/util/kslurm-error.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/mount.h"
#include "cmd/kpy/table.h"
#include "cmd/kpy/unpack.h"

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "name",
     .shape = N_("NAME"),
     .help = N_("a saved environment; without one they are listed"),
     .complete = "environments",
     .max = 1},
    {.kind = KSLURM_ARG_VALUE,
     .name = "as",
     .shape = N_("NEW"),
     .help = N_("call it NEW on this node"),
     .max = 1},
    {.kind = KSLURM_ARG_FLAG,
     .name = "mount",
     .help = N_("mount an image of it, for a shell that is opened")},
    {0}};

const KslurmArg *const kpy_load_args[] = {rows, kslurm_args_shell, kslurm_args_common,
                                          NULL};

static gboolean
check_free(KpySession *session, KslurmVenvIndex *index, const char *name, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autofree char *prefix = kslurm_venv_index_dup_prefix(index, name, &failure);
  g_autofree char *line =
      prefix != NULL ? kpy_session_dup_enter(session, name, prefix) : NULL;

  if (prefix != NULL)
    g_set_error(&failure, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
                _("'%s' is loaded already; load it under another name with '--as NEW', or "
                  "enter it with: %s"),
                name, line);
  if (failure != NULL)
    g_propagate_error(error, g_steal_pointer(&failure));
  return prefix == NULL && *error == NULL;
}

int
kpy_run_load(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  const char *name = kslurm_call_get(call, "name");
  const char *as = kslurm_call_has(call, "as") ? kslurm_call_get(call, "as") : name;
  KslurmVenvIndex *index = NULL;
  g_autofree char *prefix = NULL;

  if (session == NULL)
    return 1;
  if (name == NULL)
    return kpy_print_table(session, error);
  if (kslurm_call_has(call, "mount"))
    return kpy_mount_shell(session, name, as, cancellable, error);
  index = kpy_session_get_index(session, error);
  if (index == NULL || !check_free(session, index, as, error))
    return 1;
  prefix = kpy_unpack_to_scratch(session, name, as, cancellable, error);
  if (prefix == NULL)
    return 1;
  return kpy_session_enter(session, prefix, error);
}
