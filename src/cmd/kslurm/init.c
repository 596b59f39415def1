/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <stdio.h>

#include "base/shell/kslurm-rc-file.h"
#include "base/shell/kslurm-shell-file.h"
#include "base/shell/kslurm-shell-text.h"
#include "base/util/kslurm-error-private.h"
#include "cmd/kslurm/config.h"
#include "cmd/kslurm/kslurm.h"

static KslurmTake
take_shell(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  KslurmDialect dialect;

  return kslurm_dialect_parse(text, &dialect, error) ? KSLURM_TAKE_YES : KSLURM_TAKE_ERROR;
}

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "dialect",
     .shape = "bash|zsh|fish",
     .help = N_("the shell; with --install or --uninstall yours, if left out"),
     .complete = "bash|zsh|fish",
     .max = 1,
     .take = take_shell},
    {.kind = KSLURM_ARG_FLAG,
     .name = "install",
     .help = N_("let your shells read the text when they start")},
    {.kind = KSLURM_ARG_FLAG, .name = "uninstall", .help = N_("take that back")},
    {.kind = KSLURM_ARG_VALUE,
     .name = "rc",
     .shape = N_("FILE"),
     .help = N_("the start-up file to edit (default: your shell's own)"),
     .complete = "file"},
    {.kind = KSLURM_ARG_FLAG,
     .name = "dry-run",
     .help = N_("show what would change in the file, and change nothing")},
    {0}};

const KslurmArg *const kslurm_init_args[] = {rows, kslurm_args_common, NULL};

static gboolean
check_form(KslurmCall *call, GError **error)
{
  gboolean install = kslurm_call_has(call, "install");
  gboolean uninstall = kslurm_call_has(call, "uninstall");

  if (install && uninstall)
    return kslurm_set_usage(error, _("'--install' and '--uninstall' exclude each other"));
  if (install || uninstall)
    return TRUE;
  if (kslurm_call_has(call, "rc") || kslurm_call_has(call, "dry-run"))
    return kslurm_set_usage(
        error, _("'--rc' and '--dry-run' go with '--install' or '--uninstall'"));
  if (kslurm_call_get(call, "dialect") == NULL)
    return kslurm_set_usage(
        error, _("name the shell to print the text for, 'kslurm init bash', or let your "
                 "shells read it with 'kslurm init --install'"));
  return TRUE;
}

static int
print_text(KslurmDialect dialect, KslurmConfig *config)
{
  g_auto(GStrv) environ = g_get_environ();
  g_autofree char *text = kslurm_shell_text(dialect, config, (const char *const *)environ);

  fputs(text, stdout);
  return 0;
}

static void
tell(KslurmCall *call, const char *path, gboolean changed)
{
  gboolean install = kslurm_call_has(call, "install");

  if (kslurm_call_has(call, "quiet"))
    return;
  if (!changed)
    g_printerr(install ? _("'%s' already has the lines of kslurm\n")
                       : _("'%s' has no lines of kslurm\n"),
               path);
  else if (kslurm_call_has(call, "dry-run"))
    g_printerr(_("'%s' would change\n"), path);
  else
    g_printerr(install ? _("'%s' has the lines of kslurm; they count from your next shell "
                           "on\n")
                       : _("the lines of kslurm are out of '%s'\n"),
               path);
}

static int
edit(KslurmCall *call, KslurmDialect dialect, KslurmConfig *config, GError **error)
{
  g_auto(GStrv) environ = g_get_environ();
  const char *rc = kslurm_call_get(call, "rc");
  gboolean install = kslurm_call_has(call, "install");
  gboolean dry = kslurm_call_has(call, "dry-run");
  g_autofree char *path =
      rc != NULL ? g_strdup(rc)
                 : kslurm_rc_file_dup_path(dialect, (const char *const *)environ);
  g_autofree char *line = install ? kslurm_shell_line(dialect) : NULL;
  g_autofree char *changes = NULL;

  if (install && !dry && !kslurm_shell_file_make(dialect, config, error))
    return 1;
  if (!kslurm_rc_file_edit(path, line, dry, &changes, error))
    return 1;
  if (dry)
    fputs(changes, stdout);
  tell(call, path, changes[0] != '\0');
  return 0;
}

int
kslurm_run_init(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  const char *shell = kslurm_call_get(call, "dialect");
  g_autoptr(KslurmConfig) config = NULL;
  KslurmDialect dialect = kslurm_dialect_guess(g_getenv("SHELL"));

  if (!check_form(call, error))
    return 2;
  if (shell != NULL && !kslurm_dialect_parse(shell, &dialect, error))
    return 2;
  config = kslurm_load_config(call, error);
  if (config == NULL)
    return 1;
  if (kslurm_call_has(call, "install") || kslurm_call_has(call, "uninstall"))
    return edit(call, dialect, config, error);
  return print_text(dialect, config);
}
