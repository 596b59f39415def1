/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-output.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/session.h"

const KslurmArg *const kpy_prompt_args[] = {kslurm_args_shell, kslurm_args_common, NULL};

/* asked for by the shell text after pip changed something */
int
kpy_run_prompt(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  const char *prefix = session != NULL ? kpy_session_find_active(session) : NULL;

  if (session == NULL)
    return 1;
  if (prefix != NULL)
    kpy_session_show_prompt(session, prefix);
  return 0;
}
