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
 * kslurm_request_parse: (constructor)
 * @kind: the command
 * @argv: (array zero-terminated=1) (element-type filename): its argument vector; the first
 *   is the command's own name, which is not looked at
 * @cwd: (type filename): the absolute working directory
 * @config: the configuration: templates, the style of GPU requests
 * @is_directory: (scope call) (closure data) (nullable): asked whether words with a slash
 *   are directories; %NULL asks the file system
 * @data: (nullable): for @is_directory
 * @error: return location
 *
 * Reads a request. With @is_directory it touches no file, network or process.
 *
 * Returns: (transfer full): the request, or %NULL with %KSLURM_ERROR_USAGE set, whose
 *   message says what to write instead
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
  g_autoptr(KslurmCall) call = NULL;

  g_return_val_if_fail(argv != NULL && argv[0] != NULL, NULL);
  g_return_val_if_fail(cwd != NULL && g_path_is_absolute(cwd), NULL);
  g_return_val_if_fail(config != NULL, NULL);
  call = kslurm_call_new(&verb, argv);
  kslurm_words_set_world(call, cwd, is_directory, data);
  if (!kslurm_call_scan(call, error))
    return NULL;
  return kslurm_request_new_from_call(kind, call, config, error);
}

/**
 * kslurm_request_ref: (skip)
 * @request: a request
 *
 * Takes a reference, from any thread.
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
 * kslurm_request_unref: (skip)
 * @request: (transfer full): a request
 *
 * Gives a reference back, from any thread; the last one frees @request.
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
 * Tells which command the request was for.
 *
 * Returns: the kind
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
 * Gives what to run in the job, without the words before it.
 *
 * Returns: (transfer none) (array zero-terminated=1) (element-type filename): the words of
 *   the command, maybe none
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
 * Gives the folder that the job works in.
 *
 * Returns: (transfer none) (type filename): the absolute folder that the job works in
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
 * Gives the Python environment to run the command in.
 *
 * Returns: (transfer none) (nullable): the name of the kpy environment to run in
 */
const char *
kslurm_request_get_venv(KslurmRequest *request)
{
  return request->venv;
}

/**
 * kslurm_request_has:
 * @request: a request
 * @option: a flag's name: "test", "dry-run", "list", "json", "new", "x11", "quiet",
 *   "help", "no-stdin"
 *
 * Tells whether the user gave a flag.
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
 * Gives advice about habits of Slurm's that mean something else here.
 *
 * Returns: (transfer none) (array zero-terminated=1): sentences, maybe none
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
