/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmProcessSpec: (skip)
 * @argv: the argument vector; the program is looked up on PATH
 * @envp: (nullable): its environment, or %NULL for ours
 * @input: (nullable): what its stdin holds, or %NULL for nothing
 * @timeout_ms: after which it is killed, 0 for never
 * @keep: neither a cancel nor the time limit kills it
 * @started: (nullable): called once when the process runs, or could not be run
 * @waiting: (nullable): called once when a cancel finds a process that is kept, with what
 *   it wrote so far
 * @data: for @started and @waiting
 *
 * What to run, in a process group of its own, with stdout and stderr captured.
 */
typedef struct {
  const char *const *argv;
  const char *const *envp;
  GBytes *input;
  int timeout_ms;
  gboolean keep;
  void (*started)(gpointer data);
  void (*waiting)(const char *output, gpointer data);
  gpointer data;
} KslurmProcessSpec;

/**
 * KslurmProcessResult: (skip)
 * @status: the exit status, or 128 + the signal that ended it
 * @output: what it wrote to stdout, NUL-terminated
 * @errors: what it wrote to stderr, NUL-terminated
 * @cancelled: whether a cancel came while a kept process ran
 */
typedef struct {
  int status;
  char *output;
  char *errors;
  gboolean cancelled;
} KslurmProcessResult;

KslurmProcessResult *kslurm_process_run(const KslurmProcessSpec *spec,
                                        GCancellable *cancellable,
                                        GError **error);

void kslurm_process_result_free(KslurmProcessResult *result);

gboolean
kslurm_process_exec(const char *const *argv, const char *const *envp, GError **error);

gboolean kslurm_process_is_gone(int pid);
int kslurm_process_exit_status(int wait_status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmProcessResult, kslurm_process_result_free)

G_END_DECLS
