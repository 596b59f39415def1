/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <stdio.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-tree.h"
#include "base/venv/kslurm-scratch.h"
#include "base/venv/kslurm-venv-state.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/session.h"

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "name",
     .shape = N_("NAME"),
     .help = N_("a loaded environment to remove from this node too"),
     .complete = "loaded"},
    {.kind = KSLURM_ARG_FLAG,
     .name = "all",
     .help = N_("remove all from this node but the active one")},
    {.kind = KSLURM_ARG_FLAG,
     .letter = 'f',
     .name = "force",
     .help = N_("also those that changed since they were saved")},
    {.kind = KSLURM_ARG_FLAG,
     .letter = 'd',
     .name = "dry-run",
     .help = N_("show what would be removed")},
    {0}};

const KslurmArg *const kpy_clean_args[] = {rows, kslurm_args_common, NULL};

static gboolean
remove_folder(KpySession *session, const char *path, GError **error)
{
  printf("%s\n", path);
  return kslurm_call_has(session->call, "dry-run") || kslurm_tree_remove(path, error);
}

static gboolean
remove_left(KpySession *session, KslurmVenvIndex *index, GError **error)
{
  g_auto(GStrv) left = kslurm_venv_index_list_left(index, error);

  for (gsize i = 0; left != NULL && left[i] != NULL; i++) {
    printf("%s\n", left[i]);
    if (!kslurm_call_has(session->call, "dry-run") &&
        !kslurm_venv_index_remove_left(index, left[i], error))
      return FALSE;
  }
  return left != NULL;
}

static gboolean
is_chosen(KslurmCall *call, const char *name)
{
  for (guint i = 0; i < kslurm_call_count(call, "name"); i++)
    if (g_str_equal(kslurm_call_get_nth(call, "name", i), name))
      return TRUE;
  return kslurm_call_has(call, "all");
}

static gboolean
may_go(KpySession *session, const char *name, const char *prefix)
{
  if (g_strcmp0(kpy_session_find_active(session), prefix) == 0) {
    kslurm_call_note(session->call, _("'%s' is active and stays; leave it first"), name);
    return FALSE;
  }
  if (!kslurm_call_has(session->call, "force") && kslurm_venv_state_is_changed(prefix)) {
    kslurm_call_note(session->call,
                     _("'%s' changed since it was saved, and stays; '-f' removes it"),
                     name);
    return FALSE;
  }
  return TRUE;
}

static gboolean
remove_loaded(KpySession *session, KslurmVenvIndex *index, GError **error)
{
  g_auto(GStrv) names = kslurm_venv_index_list_names(index, error);

  for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
    g_autofree char *prefix = kslurm_venv_index_dup_prefix(index, names[i], NULL);

    if (prefix == NULL || !is_chosen(session->call, names[i]) ||
        !may_go(session, names[i], prefix))
      continue;
    /* a folder that is half removed must have no name */
    if ((!kslurm_call_has(session->call, "dry-run") &&
         !kslurm_venv_index_remove(index, names[i], error)) ||
        !remove_folder(session, prefix, error))
      return FALSE;
  }
  return names != NULL;
}

static gboolean
check_names(KslurmCall *call, KslurmVenvIndex *index, GError **error)
{
  for (guint i = 0; i < kslurm_call_count(call, "name"); i++) {
    const char *name = kslurm_call_get_nth(call, "name", i);
    g_autofree char *prefix = kslurm_venv_index_dup_prefix(index, name, NULL);

    if (prefix == NULL) {
      g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                  _("'%s' is not loaded on this node"), name);
      return FALSE;
    }
  }
  return TRUE;
}

/* what jobs that Slurm has forgotten left on this node */
static gboolean
remove_stale(KpySession *session, GCancellable *cancellable, GError **error)
{
  g_auto(GStrv) stale =
      kslurm_scratch_list_stale((const char *const *)session->environ, cancellable, NULL);

  for (gsize i = 0; stale != NULL && stale[i] != NULL; i++)
    if (!remove_folder(session, stale[i], error))
      return FALSE;
  return TRUE;
}

int
kpy_run_clean(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  KslurmVenvIndex *index = NULL;

  if (session == NULL || (index = kpy_session_get_index(session, error)) == NULL ||
      !check_names(call, index, error))
    return 1;
  return remove_left(session, index, error) && remove_loaded(session, index, error) &&
                 remove_stale(session, cancellable, error)
             ? 0
             : 1;
}
