/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdio.h>

#include "base/args/kslurm-output.h"
#include "base/util/kslurm-text.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/table.h"

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_FLAG, .name = "json", .help = N_("as JSON")}, {0}};

const KslurmArg *const kpy_list_args[] = {rows, kslurm_args_common, NULL};

char *
kpy_dup_size(guint64 bytes)
{
  return g_format_size(bytes);
}

/* as long ago as a person would say it */
char *
kpy_dup_age(gint64 seconds)
{
  gint64 minutes = MAX(seconds, 0) / 60;

  if (minutes < 60)
    return g_strdup_printf(_("%d min"), (int)minutes);
  if (minutes < 48 * 60)
    return g_strdup_printf(_("%d h"), (int)(minutes / 60));
  return g_strdup_printf(_("%d d"), (int)(minutes / (24 * 60)));
}

static char **
new_row(const KslurmVenvEntry *entry)
{
  gint64 now = g_get_real_time() / G_USEC_PER_SEC;
  char **row = g_new0(char *, 6);

  row[0] = kslurm_text_clean(entry->name);
  row[1] = kpy_dup_size(entry->size);
  row[2] = entry->python != NULL ? kslurm_text_clean(entry->python) : g_strdup("?");
  row[3] = entry->python != NULL ? g_strdup_printf("%u", entry->n_packages) : g_strdup("?");
  row[4] = kpy_dup_age(now - entry->modified);
  return row;
}

/**
 * kpy_print_table: (skip)
 * @session: a session
 * @error: return location
 *
 * Shows the saved environments to a person.
 *
 * Returns: the exit status
 */
int
kpy_print_table(KpySession *session, GError **error)
{
  KslurmVenvStore *store = kpy_session_get_store(session, error);
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  const char *const header[] = {_("NAME"),     _("SIZE"), "PYTHON",
                                _("PACKAGES"), _("AGE"),  NULL};
  g_autofree char *table = NULL;

  if (store == NULL || (entries = kslurm_venv_store_list(store, error)) == NULL)
    return 1;
  if (entries->len == 0) {
    kslurm_call_note(
        session->call,
        _("nothing is saved yet; 'kpy save NAME' saves the active environment"));
    return 0;
  }
  g_ptr_array_add(lines, g_strdupv((char **)header));
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add(lines, new_row(entries->pdata[i]));
  table = kslurm_text_table(lines, "lrlrr");
  kslurm_output_print(session->call, table);
  return 0;
}

static void
add_entry(JsonBuilder *builder, const KslurmVenvEntry *entry)
{
  g_autofree char *name = g_utf8_make_valid(entry->name, -1);
  g_autofree char *path = g_utf8_make_valid(entry->path, -1);

  json_builder_begin_object(builder);
  json_builder_set_member_name(builder, "name");
  json_builder_add_string_value(builder, name);
  json_builder_set_member_name(builder, "path");
  json_builder_add_string_value(builder, path);
  json_builder_set_member_name(builder, "size");
  json_builder_add_int_value(builder, (gint64)entry->size);
  json_builder_set_member_name(builder, "modified");
  json_builder_add_int_value(builder, entry->modified);
  json_builder_set_member_name(builder, "python");
  if (entry->python != NULL)
    json_builder_add_string_value(builder, entry->python);
  else
    json_builder_add_null_value(builder);
  json_builder_set_member_name(builder, "packages");
  if (entry->python != NULL)
    json_builder_add_int_value(builder, entry->n_packages);
  else
    json_builder_add_null_value(builder);
  json_builder_end_object(builder);
}

static int
print_json(KpySession *session, GError **error)
{
  KslurmVenvStore *store = kpy_session_get_store(session, error);
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  if (store == NULL || (entries = kslurm_venv_store_list(store, error)) == NULL)
    return 1;
  json_builder_begin_array(builder);
  for (guint i = 0; i < entries->len; i++)
    add_entry(builder, entries->pdata[i]);
  json_builder_end_array(builder);
  root = json_builder_get_root(builder);
  text = json_to_string(root, TRUE);
  puts(text);
  return 0;
}

int
kpy_run_list(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);

  if (session == NULL)
    return 1;
  return kslurm_call_has(call, "json") ? print_json(session, error)
                                       : kpy_print_table(session, error);
}
