/* SPDX-License-Identifier: MIT */
#include "cmd/kpy/unpack.h"

#include <glib/gi18n.h>

#include "archive/kslurm-archive.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-text.h"
#include "base/util/kslurm-tree.h"
#include "base/venv/kslurm-venv-check.h"
#include "base/venv/kslurm-venv-name.h"
#include "base/venv/kslurm-venv-packages.h"
#include "base/venv/kslurm-venv-places.h"
#include "base/venv/kslurm-venv-prompt.h"
#include "base/venv/kslurm-venv-relocate.h"
#include "base/venv/kslurm-venv-state.h"

#define NAMES_SHOWN 5

/**
 * kpy_warn_of_unknown: (skip)
 * @session: a session
 * @unknown: (nullable): files of no known kind, which may still work, or may look at the
 *   place that is gone
 *
 * Names some of them in a note.
 */
void
kpy_warn_of_unknown(KpySession *session, char **unknown)
{
  g_autoptr(GString) list = g_string_new(NULL);
  guint count = unknown != NULL ? g_strv_length(unknown) : 0;

  for (guint i = 0; i < MIN(count, NAMES_SHOWN); i++) {
    g_autofree char *clean = kslurm_text_clean(unknown[i]);

    g_string_append_printf(list, "%s'%s'", i > 0 ? ", " : "", clean);
  }
  if (count == 0)
    return;
  if (count > NAMES_SHOWN)
    g_string_append_printf(list, _(" and %u more"), count - NAMES_SHOWN);
  kslurm_call_note(session->call,
                   ngettext("%u file still names the place where the environment was: %s",
                            "%u files still name the place where the environment was: %s",
                            count),
                   count, list->str);
}

static gboolean
relocate(KpySession *session,
         const KpyUnpack *unpack,
         const KslurmVenvFacts *facts,
         GCancellable *cancellable,
         GError **error)
{
  /* an older archive has no facts, and facts no place that is not UTF-8 */
  gboolean known = facts != NULL && facts->places[0] != NULL;
  g_auto(GStrv) found = known ? NULL : kslurm_venv_find_places(unpack->prefix, error);
  g_auto(GStrv) unknown = NULL;
  g_autoptr(KslurmRelocation) relocation = NULL;
  const char *const *places = (const char *const *)(known ? facts->places : found);
  const char *const *hits = (const char *const *)(known ? facts->hits : NULL);

  if (places == NULL)
    return FALSE;
  relocation = kslurm_relocation_new(places, unpack->place, error);
  if (relocation == NULL ||
      !kslurm_venv_relocate(unpack->prefix, relocation, hits, &unknown, cancellable, error))
    return FALSE;
  kpy_warn_of_unknown(session, unknown);
  return TRUE;
}

static gboolean
give_name(const KpyUnpack *unpack, GError **error)
{
  g_auto(GStrv) packages = kslurm_venv_packages_list(unpack->prefix, error);

  return packages != NULL && kslurm_venv_prompt_write(unpack->prefix, unpack->as, error) &&
         kslurm_venv_state_write(unpack->prefix, unpack->as, packages, error);
}

/**
 * kpy_unpack: (skip)
 * @session: a session
 * @unpack: what and where
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Unpacks a saved environment so that it works at its place. After a failure the caller
 * removes the folder.
 *
 * Returns: whether it is there
 */
gboolean
kpy_unpack(KpySession *session,
           const KpyUnpack *unpack,
           GCancellable *cancellable,
           GError **error)
{
  KslurmVenvStore *store = kpy_session_get_store(session, error);
  KslurmProgress *progress = kslurm_call_get_progress(session->call);
  g_autofree char *path = NULL;
  g_autofree char *label = g_strdup_printf(_("loading '%s'"), unpack->name);
  g_autoptr(KslurmVenvFacts) facts = NULL;
  g_autoptr(GError) failure = NULL;

  if (store == NULL ||
      (path = kslurm_venv_store_find(store, unpack->name, error)) == NULL ||
      !kslurm_relocation_check_place(unpack->place, error))
    return FALSE;
  facts = kslurm_archive_read_facts(path, &failure);
  if (facts == NULL && !g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  kslurm_progress_begin(progress, label, facts != NULL ? facts->bytes : 0,
                        facts != NULL ? facts->files : 0);
  if (!kslurm_archive_load(path, unpack->prefix,
                           kslurm_archive_count_workers(!session->compute), progress,
                           cancellable, error))
    return FALSE;
  kslurm_progress_end(progress);
  return relocate(session, unpack, facts, cancellable, error) &&
         kslurm_venv_check_python(unpack->prefix, facts, error) && give_name(unpack, error);
}

/**
 * kpy_unpack_to_scratch: (skip)
 * @session: a session
 * @name: a saved environment
 * @as: what it is called here
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Unpacks a saved environment to this node's scratch and lists it in the index; after a
 * failure nothing of it is left.
 *
 * Returns: (transfer full) (nullable): its folder
 */
char *
kpy_unpack_to_scratch(KpySession *session,
                      const char *name,
                      const char *as,
                      GCancellable *cancellable,
                      GError **error)
{
  KslurmVenvIndex *index = kpy_session_get_index(session, error);
  g_autofree char *prefix = NULL;
  KpyUnpack unpack = {name, as, NULL, NULL};

  if (index == NULL || !kslurm_venv_name_check(as, error))
    return NULL;
  prefix = kslurm_venv_index_make_prefix(index, as, error);
  if (prefix == NULL)
    return NULL;
  unpack.prefix = unpack.place = prefix;
  if (kpy_unpack(session, &unpack, cancellable, error) &&
      kslurm_venv_index_add(index, as, prefix, error))
    return g_steal_pointer(&prefix);
  if (kslurm_tree_remove(prefix, NULL))
    kslurm_venv_index_unmark(index, prefix);
  return NULL;
}
