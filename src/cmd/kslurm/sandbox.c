/* SPDX-License-Identifier: MIT */
#include "cmd/kslurm/sandbox.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdio.h>

#include "base/request/kslurm-memory.h"
#include "base/sandbox/kslurm-sandbox-daemon.h"
#include "base/sandbox/kslurm-sandbox-supervisor.h"
#include "base/sandbox/kslurm-sandbox.h"
#include "base/util/kslurm-error-private.h"
#include "cmd/kslurm/kslurm.h"

static gboolean
read_number(KslurmCall *call,
            const char *name,
            guint low,
            guint high,
            guint *number,
            GError **error)
{
  const char *text = kslurm_call_get(call, name);
  guint64 value = 0;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned(text, 10, low, high, &value, NULL))
    return kslurm_set_usage(error, _("'--%s' takes a number from %u to %u, not '%s'"), name,
                            low, high, text);
  *number = (guint)value;
  return TRUE;
}

static gboolean
read_memory(KslurmCall *call, guint64 *megabytes, GError **error)
{
  const char *text = kslurm_call_get(call, "mem");
  gboolean per_cpu = FALSE;
  KslurmParse parse = KSLURM_PARSE_NO;

  if (text == NULL)
    return TRUE;
  parse = kslurm_memory_parse(text, megabytes, &per_cpu, error);
  if (parse == KSLURM_PARSE_YES && !per_cpu)
    return TRUE;
  if (parse != KSLURM_PARSE_ERROR)
    kslurm_set_usage(error, _("'--mem' takes a node's memory such as '32G', not '%s'"),
                     text);
  return FALSE;
}

gboolean
kslurm_sandbox_read_shape(KslurmCall *call, KslurmSandboxSpec *spec, GError **error)
{
  if (kslurm_call_has(call, "accounting"))
    spec->accounting = TRUE;
  if (kslurm_call_has(call, "no-tmpdir"))
    spec->tmpdir = FALSE;
  return read_number(call, "nodes", 1, 64, &spec->nodes, error) &&
         read_number(call, "cpus", 1, 4096, &spec->cpus, error) &&
         read_number(call, "gpus", 0, 5, &spec->gpus, error) &&
         read_number(call, "message-timeout", 1, 100, &spec->message_timeout, error) &&
         read_memory(call, &spec->megabytes, error);
}

/* of one that is up, what is not said is as it is */
static KslurmSandboxSpec *
dup_spec(KslurmCall *call, GError **error)
{
  g_autoptr(KslurmSandboxSpec) spec =
      kslurm_sandbox_spec_new(kslurm_call_get(call, "dir"), error);
  g_autoptr(KslurmSandboxSpec) present = NULL;

  if (spec == NULL)
    return NULL;
  if (kslurm_sandbox_is_up(spec))
    present = kslurm_sandbox_spec_load(spec->dir, NULL);
  if (present != NULL) {
    present->owner = 0;
    kslurm_sandbox_spec_free(spec);
    spec = g_steal_pointer(&present);
  }
  return kslurm_sandbox_read_shape(call, spec, error) ? g_steal_pointer(&spec) : NULL;
}

static void
tell_up(const KslurmSandboxSpec *spec, GPtrArray *restarted)
{
  if (restarted->len == 0)
    g_printerr(
        _("a private Slurm is up: %u nodes of %u cpus and %u gpus each; enter it with "
          "'kslurm sandbox shell', end it with 'kslurm sandbox down'\n"),
        spec->nodes, spec->cpus, spec->gpus);
  if (restarted->len == 1)
    g_printerr(_("the sandbox in '%s' is already up\n"), spec->dir);
  for (guint i = 1; i < restarted->len; i++)
    g_printerr(_("restarted %s\n"), (char *)restarted->pdata[i]);
}

static int
run_up(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmSandboxSpec) spec = dup_spec(call, error);
  g_autoptr(GPtrArray) restarted = NULL;

  if (spec == NULL)
    return 1;
  restarted = kslurm_sandbox_up(spec, cancellable, error);
  if (restarted == NULL)
    return 1;
  if (!kslurm_call_has(call, "quiet"))
    tell_up(spec, restarted);
  printf("SLURM_CONF=%s/slurm.conf\n", spec->dir);
  return 0;
}

static int
run_down(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmSandboxSpec) spec =
      kslurm_sandbox_spec_new(kslurm_call_get(call, "dir"), error);
  g_autofree char *conf = NULL;

  if (spec == NULL)
    return 1;
  conf = kslurm_sandbox_spec_dup_path(spec, "sandbox.conf");
  if (!g_file_test(conf, G_FILE_TEST_EXISTS)) {
    kslurm_call_note(call, _("no sandbox is up in '%s'"), spec->dir);
    return 0;
  }
  return kslurm_sandbox_down(spec->dir, error) ? 0 : 1;
}

static void
print_json(const KslurmSandboxSpec *spec, GPtrArray *names)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object(builder);
  json_builder_set_member_name(builder, "up");
  json_builder_add_boolean_value(builder, kslurm_sandbox_is_up(spec));
  json_builder_set_member_name(builder, "dir");
  json_builder_add_string_value(builder, spec->dir);
  json_builder_set_member_name(builder, "daemons");
  json_builder_begin_object(builder);
  for (guint i = 0; i < names->len; i++) {
    json_builder_set_member_name(builder, names->pdata[i]);
    json_builder_add_int_value(builder,
                               kslurm_sandbox_daemon_get_pid(spec, names->pdata[i]));
  }
  json_builder_end_object(builder);
  json_builder_end_object(builder);
  root = json_builder_get_root(builder);
  text = json_to_string(root, TRUE);
  printf("%s\n", text);
}

static void
print_text(KslurmCall *call, const KslurmSandboxSpec *spec, GPtrArray *names)
{
  gboolean up = kslurm_sandbox_is_up(spec);
  guint dead = 0;

  printf(_("%s: %s\n"), spec->dir, up ? _("up") : _("not up"));
  for (guint i = 0; i < names->len; i++) {
    pid_t pid = kslurm_sandbox_daemon_get_pid(spec, names->pdata[i]);

    if (pid != 0)
      printf(_("%s: running, process %d\n"), (char *)names->pdata[i], (int)pid);
    else
      printf(_("%s: not running\n"), (char *)names->pdata[i]);
    dead += pid == 0;
  }
  if (up && dead > 0)
    kslurm_call_note(call, _("start again what does not run: 'kslurm sandbox up --dir %s'"),
                     spec->dir);
}

static int
run_status(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmSandboxSpec) spec =
      kslurm_sandbox_spec_new(kslurm_call_get(call, "dir"), error);
  g_autoptr(KslurmSandboxSpec) saved = NULL;
  g_autoptr(GPtrArray) names = NULL;

  if (spec == NULL)
    return 1;
  saved = kslurm_sandbox_spec_load(spec->dir, NULL);
  names = saved != NULL ? kslurm_sandbox_spec_dup_daemons(saved)
                        : g_ptr_array_new_with_free_func(g_free);
  if (kslurm_call_has(call, "json"))
    print_json(spec, names);
  else
    print_text(call, spec, names);
  return kslurm_sandbox_is_up(spec) ? 0 : 1;
}

static int
run_supervise(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  return kslurm_sandbox_supervise(kslurm_call_get(call, "dir"), error);
}

static const KslurmArg shape[] = {
    {.kind = KSLURM_ARG_VALUE,
     .name = "nodes",
     .shape = N_("N"),
     .help = N_("compute nodes to pretend (2)"),
     .max = 1},
    {.kind = KSLURM_ARG_VALUE,
     .name = "cpus",
     .shape = N_("N"),
     .help = N_("cpus of each node (8)"),
     .max = 1},
    {.kind = KSLURM_ARG_VALUE,
     .name = "mem",
     .shape = N_("SIZE"),
     .help = N_("memory of each node (32G)"),
     .max = 1},
    {.kind = KSLURM_ARG_VALUE,
     .name = "gpus",
     .shape = N_("N"),
     .help = N_("pretended gpus of each node, at most 5 (2)"),
     .max = 1},
    {.kind = KSLURM_ARG_FLAG,
     .name = "accounting",
     .help = N_("run slurmdbd and MariaDB too, with four accounts")},
    {.kind = KSLURM_ARG_FLAG, .name = "no-tmpdir", .help = N_("give jobs no SLURM_TMPDIR")},
    {.kind = KSLURM_ARG_VALUE,
     .name = "message-timeout",
     .shape = N_("SECONDS"),
     .help = N_("how long Slurm waits for an answer (10)"),
     .max = 1},
    {0}};

static const KslurmArg place[] = {{.kind = KSLURM_ARG_VALUE,
                                   .name = "dir",
                                   .shape = N_("DIR"),
                                   .help = N_("its folder (/tmp/kslurm-UID/sandbox)"),
                                   .complete = "dir",
                                   .max = 1},
                                  {0}};

static const KslurmArg json[] = {
    {.kind = KSLURM_ARG_FLAG, .name = "json", .help = N_("write JSON")}, {0}};

static const KslurmArg command[] = {{.kind = KSLURM_ARG_REST,
                                     .name = "command",
                                     .shape = N_("CMD"),
                                     .help = N_("what to run in it"),
                                     .min = 1},
                                    {0}};

static const KslurmArg *const up_args[] = {kslurm_args_common, shape, place, NULL};
static const KslurmArg *const place_args[] = {kslurm_args_common, place, NULL};
static const KslurmArg *const status_args[] = {kslurm_args_common, place, json, NULL};
static const KslurmArg *const run_args[] = {kslurm_args_common, shape, command, NULL};

const KslurmVerb kslurm_verbs_sandbox[] = {
    {.name = "up",
     .summary = N_("start it, or start again what died of it"),
     .args = up_args,
     .waits = TRUE,
     .run = run_up},
    {.name = "down",
     .summary = N_("end it and remove all of its files"),
     .args = place_args,
     .waits = TRUE,
     .run = run_down},
    {.name = "status",
     .summary = N_("say which of its daemons run"),
     .args = status_args,
     .run = run_status},
    {.name = "shell",
     .summary = N_("open a shell that uses it"),
     .args = place_args,
     .run = kslurm_run_sandbox_shell},
    {.name = "run",
     .summary = N_("run a command in a fresh one that ends with it"),
     .args = run_args,
     .waits = TRUE,
     .run = kslurm_run_sandbox_run},
    {.name = "supervise", .args = place_args, .run = run_supervise},
    {0}};
