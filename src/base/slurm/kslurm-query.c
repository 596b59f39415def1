/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-query.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-process.h"
#include "base/util/kslurm-text.h"

/* 'srun: error: …' without the program, of the last line that is an error */
static char *
dup_message(const char *errors)
{
  g_autofree char *clean = kslurm_text_clean(errors);
  const char *last = g_strrstr(clean, "error: ");

  return g_strstrip(g_strdup(last != NULL ? last + strlen("error: ") : clean));
}

/**
 * kslurm_query_advise: (skip)
 * @message: what one of Slurm's programs said
 *
 * Returns: (nullable): what to do, when it is the controller that does not answer
 */
const char *
kslurm_query_advise(const char *message)
{
  if (strstr(message, "Unable to contact slurm controller") == NULL &&
      strstr(message, "timed out") == NULL)
    return NULL;
  return _("the Slurm controller does not answer; it may be back in some minutes: try "
           "'sinfo'");
}

static void
set_failure(const char *program, const char *errors, GError **error)
{
  g_autofree char *message = dup_message(errors);
  const char *advice = kslurm_query_advise(message);
  g_autofree char *words =
      advice != NULL ? g_strconcat(message, "\n", advice, NULL) : g_strdup(message);

  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, _("'%s' failed: %s"), program,
              words);
}

/**
 * kslurm_query_clear_environ: (skip)
 * @environ: (transfer full): an environment
 *
 * Takes away how the user likes to see Slurm's answers: SQUEUE_STATES would hide jobs,
 * SLURM_TIME_FORMAT change the times that are read.
 *
 * Returns: (transfer full): the environment
 */
char **
kslurm_query_clear_environ(char **environ)
{
  static const char *const prefixes[] = {"SQUEUE_", "SINFO_", "SSHARE_",
                                         "SLURM_TIME_FORMAT="};
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

  for (gsize i = 0; environ[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS(prefixes); j++)
      if (g_str_has_prefix(environ[i], prefixes[j]))
        g_ptr_array_add(names, g_strndup(environ[i], strcspn(environ[i], "=")));
  for (guint i = 0; i < names->len; i++)
    environ = g_environ_unsetenv(environ, names->pdata[i]);
  return environ;
}

/**
 * kslurm_query_run: (skip)
 * @argv: (array zero-terminated=1): one of Slurm's programs that only asks
 * @timeout_ms: after which it is ended: %KSLURM_QUERY_MS, or less
 * @cancellable: (nullable): ends it
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what it wrote to stdout, or %NULL with @error set:
 *   %KSLURM_ERROR_PROGRAM when it failed
 */
char *
kslurm_query_run(const char *const *argv,
                 int timeout_ms,
                 GCancellable *cancellable,
                 GError **error)
{
  g_auto(GStrv) environ = kslurm_query_clear_environ(g_get_environ());
  const KslurmProcessSpec spec = {
      .argv = argv, .envp = (const char *const *)environ, .timeout_ms = timeout_ms};
  g_autoptr(GError) failure = NULL;
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, cancellable, &failure);

  if (result != NULL && result->status == 0)
    return g_steal_pointer(&result->output);
  if (result != NULL)
    set_failure(argv[0], result->errors, error);
  else if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s\n%s", failure->message,
                kslurm_query_advise("timed out"));
  else
    g_propagate_error(error, g_steal_pointer(&failure));
  return NULL;
}
