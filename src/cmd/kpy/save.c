/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "archive/kslurm-archive.h"
#include "base/args/kslurm-output.h"
#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-name.h"
#include "base/venv/kslurm-venv-prompt.h"
#include "base/venv/kslurm-venv-state.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/session.h"
#include "cmd/kpy/table.h"

static const KslurmArg rows[] = {{.kind = KSLURM_ARG_OPERAND,
                                  .name = "name",
                                  .shape = N_("NAME"),
                                  .help = N_("what to save the active environment as"),
                                  .complete = "environments",
                                  .min = 1,
                                  .max = 1},
                                 {.kind = KSLURM_ARG_FLAG,
                                  .letter = 'f',
                                  .name = "force",
                                  .help = N_("take the place of a saved one")},
                                 {0}};

const KslurmArg *const kpy_save_args[] = {rows, kslurm_args_shell, kslurm_args_common,
                                          NULL};

static gboolean
check_free(KslurmVenvStore *store, const char *name, GError **error)
{
  g_autofree char *path = kslurm_venv_store_find(store, name, NULL);

  if (path == NULL)
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
              _("'%s' is saved already; replace it with 'kpy save -f %s'"), name, name);
  return FALSE;
}

/* the environment goes by the name that it was saved under */
static gboolean
take_name(KpySession *session, const char *prefix, const char *name, GError **error)
{
  KslurmVenvIndex *index = kpy_session_get_index(session, error);
  g_autofree char *former = kslurm_venv_state_dup_name(prefix);
  g_autofree char *listed = NULL;

  if (index == NULL)
    return FALSE;
  if (former != NULL)
    listed = kslurm_venv_index_dup_prefix(index, former, NULL);
  if (g_strcmp0(listed, prefix) != 0 || g_str_equal(former, name))
    return TRUE;
  return kslurm_venv_index_rename(index, former, name, error);
}

static gboolean
save(KpySession *session,
     const char *prefix,
     KslurmVenvFacts *facts,
     GCancellable *cancellable,
     GError **error)
{
  KslurmVenvStore *store = kpy_session_get_store(session, error);
  gboolean force = kslurm_call_has(session->call, "force");
  g_autofree char *path = NULL;
  g_autoptr(GError) failure = NULL;

  if (store == NULL || (!force && !check_free(store, facts->name, error)) ||
      !kslurm_venv_store_make(store, error))
    return FALSE;
  path = kslurm_venv_store_dup_path(store, facts->name);
  if (!kslurm_archive_save(
          prefix, facts, path, force, kslurm_archive_count_workers(!session->compute),
          kslurm_call_get_progress(session->call), cancellable, &failure)) {
    /* somebody may have been quicker */
    if (!g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_EXISTS) ||
        check_free(store, facts->name, error))
      g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  /* only a copy: where there is no room for it, it is read from the archive */
  kslurm_venv_store_write_facts(store, facts->name, facts, NULL);
  return kslurm_venv_store_remove_older(store, facts->name, error);
}

static void
tell(KpySession *session, const KslurmVenvFacts *facts)
{
  g_autofree char *path = kslurm_venv_store_dup_path(session->store, facts->name);
  g_autofree char *size = kpy_dup_size(facts->bytes);
  g_autofree char *kept = NULL;
  GStatBuf st;

  if (g_stat(path, &st) != 0)
    return;
  kept = kpy_dup_size((guint64)st.st_size);
  kslurm_call_note(session->call,
                   _("saved '%s': %u packages, %s, in a file of %s; load it anywhere with "
                     "'kpy load %s'"),
                   facts->name, g_strv_length(facts->packages), size, kept, facts->name);
}

int
kpy_run_save(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  const char *name = kslurm_call_get(call, "name");
  const char *prefix = NULL;
  g_autoptr(KslurmVenvFacts) facts = NULL;

  if (session == NULL || !kslurm_venv_name_check(name, error) ||
      (prefix = kpy_session_get_active(session, error)) == NULL)
    return 1;
  facts = kslurm_venv_facts_read(prefix, error);
  if (facts == NULL)
    return 1;
  g_free(facts->name);
  facts->name = g_strdup(name);
  if (!save(session, prefix, facts, cancellable, error) ||
      !take_name(session, prefix, name, error) ||
      !kslurm_venv_prompt_write(prefix, name, error) ||
      !kslurm_venv_state_write(prefix, name, facts->packages, error))
    return 1;
  tell(session, facts);
  kpy_session_show_prompt(session, prefix);
  return 0;
}
