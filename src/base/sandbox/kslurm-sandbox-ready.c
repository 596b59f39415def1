/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-ready.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/sandbox/kslurm-sandbox-daemon.h"
#include "base/sandbox/kslurm-sandbox-environment.h"
#include "base/sandbox/kslurm-sandbox-ports.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-process.h"

#define LIMIT_MS 30000

/* Slurm's programs try a controller that does not listen yet again and again for a second,
 * so it is asked only once it does */
static gboolean
is_listening(const KslurmSandboxSpec *spec)
{
  g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, "slurm.conf");
  g_autofree char *conf = NULL;
  const char *port = NULL;

  if (!g_file_get_contents(path, &conf, NULL, NULL))
    return FALSE;
  port = strstr(conf, "SlurmctldPort=");
  return port != NULL &&
         kslurm_sandbox_ports_answers((guint)atoi(port + strlen("SlurmctldPort=")));
}

static gboolean
are_nodes_idle(const KslurmSandboxSpec *spec, GCancellable *cancellable)
{
  g_autofree char *sinfo = kslurm_sandbox_daemon_find("sinfo");
  const char *argv[] = {sinfo, "--noheader", "--Node", "--partition=main",
                        "-o",  "%T",         NULL};
  g_auto(GStrv) envp = kslurm_sandbox_environment_dup_daemon(spec);
  KslurmProcessSpec process = {
      .argv = argv, .envp = (const char *const *)envp, .timeout_ms = 5000};
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&process, cancellable, NULL);
  g_auto(GStrv) lines = NULL;
  guint ready = 0;

  if (result == NULL || result->status != 0)
    return FALSE;
  lines = g_strsplit(result->output, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    ready += g_str_equal(lines[i], "idle") || g_str_equal(lines[i], "mixed") ||
             g_str_equal(lines[i], "allocated");
  return ready == spec->nodes;
}

static char *
dup_tail(const KslurmSandboxSpec *spec)
{
  static const char *const logs[] = {"log/supervisor.log", "log/munged.out",
                                     "log/slurmdbd.log", "log/slurmctld.log",
                                     "log/slurmctld.out"};
  GString *tail = g_string_new(NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(logs); i++) {
    g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, logs[i]);
    g_autofree char *text = NULL;
    gsize length = 0;

    if (g_file_get_contents(path, &text, &length, NULL) && length > 0) {
      const char *last = length > 600 ? strchr(text + length - 600, '\n') : text;

      g_string_append_printf(tail, "\n%s:\n%s", logs[i], g_strchomp((char *)last));
    }
  }
  return g_string_free(tail, FALSE);
}

static gboolean
set_not_ready(const KslurmSandboxSpec *spec, GError **error)
{
  g_autofree char *tail = dup_tail(spec);

  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM,
              _("the sandbox did not come up; its logs end with:%s"), tail);
  return FALSE;
}

/**
 * kslurm_sandbox_ready_wait: (skip)
 * @spec: a sandbox that is being started
 * @supervisor: its supervisor when that is our child, or 0
 * @cancellable: (nullable): stops the wait
 * @error: return location
 *
 * Waits until all nodes can take jobs.
 *
 * Returns: whether they can; otherwise @error holds the ends of the logs
 */
gboolean
kslurm_sandbox_ready_wait(const KslurmSandboxSpec *spec,
                          pid_t supervisor,
                          GCancellable *cancellable,
                          GError **error)
{
  gint64 deadline = g_get_monotonic_time() + LIMIT_MS * (gint64)1000;
  gboolean listening = FALSE, started = FALSE;

  while (g_get_monotonic_time() < deadline) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    if (supervisor != 0 && waitpid(supervisor, NULL, WNOHANG) == supervisor)
      return set_not_ready(spec, error);
    if (kslurm_sandbox_daemon_get_pid(spec, "slurmctld") != 0)
      started = TRUE;
    else if (started)
      return set_not_ready(spec, error);
    listening = listening || is_listening(spec);
    if (listening && are_nodes_idle(spec, cancellable))
      return TRUE;
    g_usleep(20000);
  }
  return set_not_ready(spec, error);
}
