/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-request-private.h"

#include "base/args/kslurm-main.h"
#include "base/request/kslurm-setting.h"
#include "base/request/kslurm-words.h"

G_DEFINE_BOXED_TYPE(KslurmRequest, kslurm_request, kslurm_request_ref, kslurm_request_unref)

const KslurmArg *const kslurm_krun_args[] = {kslurm_args_words, kslurm_args_krun,
                                             kslurm_args_request, kslurm_args_common, NULL};
const KslurmArg *const kslurm_kbatch_args[] = {
    kslurm_args_words, kslurm_args_kbatch, kslurm_args_request, kslurm_args_common, NULL};

/**
 * kslurm_request_parse:
 * @kind: the command
 * @argv: (array zero-terminated=1): its argument vector, the command's name first
 * @cwd: the absolute working directory
 * @config: the configuration
 * @is_directory: (scope call): asked about words with a slash
 * @data: for @is_directory
 * @error: return location
 *
 * Reads a request. Touches no file, network or process.
 *
 * Returns: (transfer full) (nullable): the request, or %NULL with @error set
 */
KslurmRequest *
kslurm_request_parse(KslurmRequestKind kind,
                     const char *const *argv,
                     const char *cwd,
                     KslurmConfig *config,
                     KslurmIsDirectory is_directory,
                     gpointer data,
                     GError **error)
{
  const KslurmVerb verb = {.name = kind == KSLURM_REQUEST_BATCH ? "kbatch" : "krun",
                           .summary = "",
                           .args = kind == KSLURM_REQUEST_BATCH ? kslurm_kbatch_args
                                                                : kslurm_krun_args,
                           .foreign = kind == KSLURM_REQUEST_BATCH ? kslurm_sbatch_options
                                                                   : kslurm_srun_options};
  g_autoptr(KslurmCall) call = kslurm_call_new(&verb, argv);

  kslurm_words_set_world(call, cwd, is_directory, data);
  if (!kslurm_call_scan(call, error))
    return NULL;
  return kslurm_request_new_from_call(kind, call, config, error);
}

/**
 * kslurm_request_ref:
 * @request: a request
 *
 * Returns: (transfer full): the same request
 */
KslurmRequest *
kslurm_request_ref(KslurmRequest *request)
{
  return g_atomic_rc_box_acquire(request);
}

static void
request_clear(gpointer data)
{
  KslurmRequest *request = data;

  g_clear_pointer(&request->settings, g_ptr_array_unref);
  g_clear_pointer(&request->notes, g_ptr_array_unref);
  g_clear_pointer(&request->command, g_strfreev);
  g_clear_pointer(&request->options, g_strfreev);
  g_free(request->directory);
  g_free(request->venv);
}

/**
 * kslurm_request_unref:
 * @request: (transfer full): a request
 */
void
kslurm_request_unref(KslurmRequest *request)
{
  g_atomic_rc_box_release_full(request, request_clear);
}

/**
 * kslurm_request_get_kind:
 * @request: a request
 *
 * Returns: the command
 */
KslurmRequestKind
kslurm_request_get_kind(KslurmRequest *request)
{
  return request->kind;
}

/**
 * kslurm_request_get_command:
 * @request: a request
 *
 * Returns: (transfer none) (array zero-terminated=1): the words of the command, maybe none
 */
const char *const *
kslurm_request_get_command(KslurmRequest *request)
{
  return (const char *const *)request->command;
}

/**
 * kslurm_request_get_directory:
 * @request: a request
 *
 * Returns: (transfer none): the absolute folder that the job works in
 */
const char *
kslurm_request_get_directory(KslurmRequest *request)
{
  return request->directory;
}

/**
 * kslurm_request_get_venv:
 * @request: a request
 *
 * Returns: (transfer none) (nullable): the environment to run in
 */
const char *
kslurm_request_get_venv(KslurmRequest *request)
{
  return request->venv;
}

/**
 * kslurm_request_has:
 * @request: a request
 * @option: a flag's name: "test", "new", …
 *
 * Returns: whether the flag was given
 */
gboolean
kslurm_request_has(KslurmRequest *request, const char *option)
{
  return g_strv_contains((const char *const *)request->options, option);
}

/**
 * kslurm_request_get_notes:
 * @request: a request
 *
 * Returns: (transfer none) (array zero-terminated=1): advice about habits that mean
 *   something else here
 */
const char *const *
kslurm_request_get_notes(KslurmRequest *request)
{
  return (const char *const *)request->notes->pdata;
}

/**
 * kslurm_request_get_settings: (skip)
 * @request: a request
 *
 * Returns: (transfer none) (element-type KslurmSetting): what the user asked for
 */
GPtrArray *
kslurm_request_get_settings(KslurmRequest *request)
{
  return request->settings;
}
