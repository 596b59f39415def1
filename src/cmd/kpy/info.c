/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <stdio.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-text.h"
#include "base/venv/kslurm-venv-packages.h"
#include "base/venv/kslurm-venv-state.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/session.h"
#include "cmd/kpy/table.h"

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "name",
     .shape = N_("NAME"),
     .help = N_("a saved environment (default: the active one)"),
     .complete = "environments",
     .max = 1},
    {.kind = KSLURM_ARG_FLAG, .name = "json", .help = N_("as JSON")},
    {0}};

const KslurmArg *const kpy_info_args[] = {rows, kslurm_args_common, NULL};

static void
add_line(GString *text, const char *label, const char *value)
{
  g_autofree char *clean = kslurm_text_clean(value);

  g_string_append_printf(text, "%s%*s%s\n", label,
                         MAX(1, 12 - (int)g_utf8_strlen(label, -1)), "", clean);
}

static void
add_packages(GString *text, char **packages, const char *lead)
{
  for (gsize i = 0; packages != NULL && packages[i] != NULL; i++) {
    g_autofree char *clean = kslurm_text_clean(packages[i]);

    g_string_append_printf(text, "  %s%s\n", lead, clean);
  }
}

/* sorted lists: what stands only in the first */
static void
add_difference(GString *text, char **these, char **those, const char *lead)
{
  for (gsize i = 0; these[i] != NULL; i++) {
    const char *const one[] = {these[i], NULL};

    if (!g_strv_contains((const char *const *)those, these[i]))
      add_packages(text, (char **)one, lead);
  }
}

/* where the environment is loaded and was changed there */
static gboolean
add_changes(KpySession *session, const char *name, GString *text, GError **error)
{
  KslurmVenvIndex *index = kpy_session_get_index(session, error);
  g_autofree char *prefix =
      index != NULL ? kslurm_venv_index_dup_prefix(index, name, NULL) : NULL;
  g_auto(GStrv) saved = prefix != NULL ? kslurm_venv_state_dup_packages(prefix) : NULL;
  g_auto(GStrv) now = NULL;

  if (index == NULL)
    return FALSE;
  if (prefix == NULL)
    return TRUE;
  add_line(text, _("loaded"), prefix);
  now = kslurm_venv_packages_list(prefix, error);
  if (now == NULL || saved == NULL)
    return now != NULL;
  if (kslurm_venv_state_is_changed(prefix)) {
    g_string_append_printf(text, "%s\n", _("changed since it was saved:"));
    add_difference(text, saved, now, "- ");
    add_difference(text, now, saved, "+ ");
  }
  return TRUE;
}

static char *
dup_text(KpySession *session,
         const KslurmVenvFacts *facts,
         const char *name,
         GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GDateTime) created = g_date_time_new_from_unix_local(facts->created);
  g_autofree char *when = created != NULL ? g_date_time_format(created, "%F %H:%M") : NULL;
  g_autofree char *size = kpy_dup_size(facts->bytes);
  g_autofree char *count = g_strdup_printf("%u", g_strv_length(facts->packages));
  g_autofree char *files = g_strdup_printf("%" G_GUINT64_FORMAT, facts->files);

  add_line(text, _("name"), name);
  add_line(text, "Python", facts->python != NULL ? facts->python : "?");
  add_line(text, _("machine"), facts->machine != NULL ? facts->machine : "?");
  if (facts->files > 0) {
    add_line(text, _("size"), size);
    add_line(text, _("files"), files);
    add_line(text, _("saved"), when != NULL ? when : "?");
  }
  if (!add_changes(session, name, text, error))
    return NULL;
  add_line(text, _("packages"), count);
  add_packages(text, facts->packages, "");
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static KslurmVenvFacts *
read_facts(KpySession *session, const char **name, GError **error)
{
  KslurmVenvStore *store = NULL;
  const char *prefix = NULL;
  KslurmVenvFacts *facts = NULL;

  if (*name != NULL) {
    store = kpy_session_get_store(session, error);
    return store != NULL ? kslurm_venv_store_read_facts(store, *name, error) : NULL;
  }
  prefix = kpy_session_get_active(session, error);
  facts = prefix != NULL ? kslurm_venv_facts_read(prefix, error) : NULL;
  if (facts != NULL && facts->name == NULL)
    facts->name = g_path_get_basename(prefix);
  if (facts != NULL)
    *name = facts->name;
  return facts;
}

int
kpy_run_info(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  const char *name = kslurm_call_get(call, "name");
  g_autoptr(KslurmVenvFacts) facts =
      session != NULL ? read_facts(session, &name, error) : NULL;
  g_autofree char *text = NULL;

  if (facts == NULL)
    return 1;
  text = kslurm_call_has(call, "json") ? kslurm_venv_facts_to_json(facts)
                                       : dup_text(session, facts, name, error);
  if (text == NULL)
    return 1;
  fputs(text, stdout);
  if (kslurm_call_has(call, "json"))
    puts("");
  return 0;
}
