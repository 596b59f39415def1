/* SPDX-License-Identifier: MIT */
#include "cmd/kslurm/config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "base/config/kslurm-key.h"
#include "base/shell/kslurm-shell-file.h"
#include "base/shell/kslurm-shell-text.h"
#include "base/util/kslurm-error-private.h"
#include "cmd/kslurm/kslurm.h"

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "key",
     .shape = N_("KEY"),
     .help = N_("the setting; alone it is shown, with those below it"),
     .complete = "keys",
     .min = 1,
     .max = 1},
    {.kind = KSLURM_ARG_OPERAND,
     .name = "value",
     .shape = N_("VALUE"),
     .help = N_("its new value"),
     .max = 1},
    {.kind = KSLURM_ARG_FLAG,
     .letter = 'i',
     .name = "interactive",
     .help = N_("choose the account on the terminal")},
    {.kind = KSLURM_ARG_FLAG, .name = "unset", .help = N_("remove the setting")},
    {.kind = KSLURM_ARG_FLAG,
     .name = "show-origin",
     .help = N_("say where each value comes from")},
    {.kind = KSLURM_ARG_FLAG, .name = "json", .help = N_("write JSON")},
    {0}};

static KslurmTake
take_keys(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  if (g_str_equal(text, "rst"))
    return KSLURM_TAKE_YES;
  kslurm_set_usage(error, _("'--keys' takes 'rst'"));
  return KSLURM_TAKE_ERROR;
}

static const KslurmArg list_rows[] = {
    {.kind = KSLURM_ARG_FLAG,
     .name = "show-origin",
     .help = N_("say where each value comes from")},
    {.kind = KSLURM_ARG_FLAG, .name = "json", .help = N_("write JSON")},
    {.kind = KSLURM_ARG_VALUE, .name = "keys", .shape = "rst", .take = take_keys},
    {0}};

const KslurmArg *const kslurm_config_args[] = {rows, kslurm_args_common, NULL};

static const KslurmArg *const list_args[] = {list_rows, kslurm_args_common, NULL};

const KslurmVerb kslurm_config_verbs[] = {{.name = "list",
                                           .summary = N_("show every setting"),
                                           .args = list_args,
                                           .run = kslurm_run_config_list},
                                          {0}};

static void
note_undeclared(KslurmCall *call, const char *key)
{
  const char *closest = kslurm_key_find_closest(key);

  if (kslurm_key_find(key) != NULL)
    return;
  if (closest != NULL)
    kslurm_call_note(call,
                     _("'%s' is kept, but kslurm does not read it; did you mean '%s'?"),
                     key, closest);
  else
    kslurm_call_note(call, _("'%s' is kept, but kslurm does not read it"), key);
}

/* a variable of the environment wins over the file */
static void
note_hidden(KslurmCall *call, const char *key)
{
  g_autofree char *variable = kslurm_key_dup_variable(key);

  if (kslurm_key_find(key) != NULL && g_getenv(variable) != NULL)
    kslurm_call_note(call, _("the variable '%s' is set and wins over your settings"),
                     variable);
}

/* the shells that start from now on know the new value */
static void
refresh_shell_text(KslurmCall *call, const char *key)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmConfig) config =
      kslurm_shell_text_uses(key) ? kslurm_config_load(&error) : NULL;

  if (config != NULL)
    kslurm_shell_file_refresh(config, &error);
  if (error != NULL)
    kslurm_call_note(call, _("the text that your shells read is not renewed: %s"),
                     error->message);
}

/**
 * kslurm_set_config: (skip)
 * @call: names the key
 * @value: (nullable): its new value, or %NULL to remove it
 * @error: return location
 *
 * Returns: the exit status
 */
int
kslurm_set_config(KslurmCall *call, const char *value, GError **error)
{
  const char *key = kslurm_call_get(call, "key");
  /* read first: this takes an older kslurm's settings over before there is a file */
  g_autoptr(KslurmConfig) config = kslurm_load_config(call, error);

  if (config == NULL || !kslurm_config_save(key, value, error))
    return 1;
  if (value != NULL)
    note_undeclared(call, key);
  note_hidden(call, key);
  refresh_shell_text(call, key);
  return 0;
}

static int
show(KslurmCall *call, GError **error)
{
  const char *key = kslurm_call_get(call, "key");
  g_autofree char *prefix = g_strconcat(key, ".", NULL);
  g_autoptr(KslurmConfig) config = kslurm_load_config(call, error);
  g_autoptr(GPtrArray) keys = g_ptr_array_new();
  g_auto(GStrv) below = NULL;

  if (config == NULL)
    return 1;
  if (kslurm_config_get(config, key) != NULL)
    g_ptr_array_add(keys, (char *)key);
  below = kslurm_config_list_keys(config, prefix);
  for (gsize i = 0; below[i] != NULL; i++)
    g_ptr_array_add(keys, below[i]);
  g_ptr_array_add(keys, NULL);
  if (keys->len > 1)
    return kslurm_print_config(call, config, (char **)keys->pdata);
  if (kslurm_call_has(call, "json"))
    puts("[]");
  if (kslurm_key_find(key) == NULL && kslurm_key_find_closest(key) != NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("'%s' is not set; did you mean '%s'?"), key,
                kslurm_key_find_closest(key));
  else
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND, _("'%s' is not set"), key);
  return 1;
}

static gboolean
check_form(KslurmCall *call, GError **error)
{
  const char *key = kslurm_call_get(call, "key");
  gboolean unset = kslurm_call_has(call, "unset");
  gboolean interactive = kslurm_call_has(call, "interactive");

  if (unset + interactive + (kslurm_call_get(call, "value") != NULL) > 1)
    return kslurm_set_usage(error,
                            _("a VALUE, '--unset' and '--interactive' exclude each other"));
  if (interactive && !g_str_equal(key, "account"))
    return kslurm_set_usage(error, _("'%s' cannot be chosen; only 'account' can"), key);
  return TRUE;
}

static int
run_form(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  const char *value = kslurm_call_get(call, "value");

  if (kslurm_call_has(call, "interactive"))
    return kslurm_choose_account(call, cancellable, error);
  if (value != NULL || kslurm_call_has(call, "unset"))
    return kslurm_set_config(call, value, error);
  return show(call, error);
}

int
kslurm_run_config(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  int status = 0;

  if (!check_form(call, error))
    return 2;
  /* for the wait on a lock, below functions that take no cancellable */
  g_cancellable_push_current(cancellable);
  status = run_form(call, cancellable, error);
  g_cancellable_pop_current(cancellable);
  return status;
}
