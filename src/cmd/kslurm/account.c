/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>

#include "base/slurm/kslurm-accounts.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-text.h"
#include "cmd/kslurm/chooser.h"
#include "cmd/kslurm/config.h"

static char *
dup_level(double level)
{
  if (isnan(level))
    return g_strdup("-");
  if (isinf(level))
    return g_strdup(_("unused"));
  return g_strdup_printf("%.2f", level);
}

static void
print_json(GPtrArray *accounts)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_array(builder);
  for (guint i = 0; i < accounts->len; i++) {
    const KslurmAccount *account = accounts->pdata[i];

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "account");
    json_builder_add_string_value(builder, account->name);
    json_builder_set_member_name(builder, "level_fs");
    if (isfinite(account->level_fs))
      json_builder_add_double_value(builder, account->level_fs);
    else
      json_builder_add_null_value(builder);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
  root = json_builder_get_root(builder);
  text = json_to_string(root, TRUE);
  puts(text);
}

/* one line for each account, in aligned columns */
static char **
dup_lines(GPtrArray *accounts)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  g_autofree char *table = NULL;

  for (guint i = 0; i < accounts->len; i++) {
    const KslurmAccount *account = accounts->pdata[i];
    char **row = g_new0(char *, 4);

    row[0] = g_strdup(account->name);
    row[1] = g_strdup("LevelFS");
    row[2] = dup_level(account->level_fs);
    g_ptr_array_add(rows, row);
  }
  table = kslurm_text_table(rows, "llr");
  g_strchomp(table);
  return g_strsplit(table, "\n", -1);
}

static GPtrArray *
with_suffix(GPtrArray *accounts, const char *suffix)
{
  GPtrArray *chosen = g_ptr_array_new();

  for (guint i = 0; i < accounts->len; i++)
    if (g_str_has_suffix(((KslurmAccount *)accounts->pdata[i])->name, suffix))
      g_ptr_array_add(chosen, accounts->pdata[i]);
  return chosen;
}

static const KslurmAccount *
choose(GPtrArray *accounts, const char *what, GCancellable *cancellable, GError **error)
{
  g_auto(GStrv) lines = dup_lines(accounts);
  g_autofree char *title =
      g_strdup_printf(_("%s: arrows, a number, Enter; q leaves"), what);
  int chosen = 0;

  if (accounts->len > 1)
    chosen = kslurm_choose(title, (const char *const *)lines, cancellable, error);
  return chosen >= 0 ? accounts->pdata[chosen] : NULL;
}

static gboolean
set(const char *key, const KslurmAccount *account, GError **error)
{
  if (!kslurm_config_save(key, account->name, error))
    return FALSE;
  printf("%s: %s\n", key, account->name);
  return TRUE;
}

static gboolean
remove_key(const char *key, GError **error)
{
  g_autoptr(GError) failure = NULL;

  if (kslurm_config_save(key, NULL, &failure) ||
      g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

/* nothing is written before both are chosen */
static gboolean
choose_apart(GPtrArray *cpu, GPtrArray *gpu, GCancellable *cancellable, GError **error)
{
  const KslurmAccount *for_cpu =
      choose(cpu, _("account for jobs without GPUs"), cancellable, error);
  const KslurmAccount *for_gpu =
      for_cpu != NULL ? choose(gpu, _("account for jobs with GPUs"), cancellable, error)
                      : NULL;

  return for_gpu != NULL && set("account.cpu", for_cpu, error) &&
         set("account.gpu", for_gpu, error) && remove_key("account", error);
}

static gboolean
choose_one(KslurmCall *call,
           KslurmConfig *config,
           GPtrArray *accounts,
           GCancellable *cancellable,
           GError **error)
{
  static const char *const stronger[] = {"account.cpu", "account.gpu"};
  const KslurmAccount *account = choose(accounts, _("account"), cancellable, error);

  if (account == NULL || !set("account", account, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(stronger); i++)
    if (kslurm_config_get(config, stronger[i]) != NULL)
      kslurm_call_note(call, _("'%s' is set too and wins where it applies"), stronger[i]);
  return TRUE;
}

static int
print_list(KslurmCall *call, GPtrArray *accounts)
{
  g_auto(GStrv) lines = dup_lines(accounts);

  for (gsize i = 0; lines[i] != NULL; i++)
    puts(lines[i]);
  kslurm_call_note(call, _("there is no terminal to choose on; set one with 'kslurm config "
                           "account NAME'"));
  return 0;
}

/**
 * kslurm_choose_account: (skip)
 * @call: the call
 * @cancellable: ends query and asking
 * @error: return location
 *
 * Shows the user's accounts and keeps the chosen ones.
 *
 * Returns: the exit status
 */
int
kslurm_choose_account(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmConfig) config = kslurm_load_config(call, error);
  g_autoptr(GPtrArray) accounts =
      config != NULL ? kslurm_accounts_query(cancellable, error) : NULL;
  g_autoptr(GPtrArray) cpu = NULL;
  g_autoptr(GPtrArray) gpu = NULL;

  if (accounts == NULL)
    return 1;
  if (kslurm_call_has(call, "json")) {
    print_json(accounts);
    return 0;
  }
  if (accounts->len == 0) {
    g_set_error_literal(
        error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
        _("Slurm names no account of yours; this cluster may do without, or "
          "ask its support"));
    return 1;
  }
  if (!kslurm_chooser_is_possible())
    return print_list(call, accounts);
  kslurm_call_print_notes(call);
  cpu = with_suffix(accounts, "_cpu");
  gpu = with_suffix(accounts, "_gpu");
  if (cpu->len > 0 && gpu->len > 0)
    return choose_apart(cpu, gpu, cancellable, error) ? 0 : 1;
  return choose_one(call, config, accounts, cancellable, error) ? 0 : 1;
}
