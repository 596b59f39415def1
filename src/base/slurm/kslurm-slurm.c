/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-slurm.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/slurm/kslurm-accounts.h"
#include "base/slurm/kslurm-query.h"
#include "base/util/kslurm-text.h"

#define GLANCE_MS 2000

/**
 * kslurm_slurm_job_is_gone: (skip)
 * @job: a job's id
 * @cancellable: (nullable): ends the question
 *
 * Returns: whether Slurm says that the job does not run; %FALSE when it does not answer
 *   soon: srun has more patience
 */
gboolean
kslurm_slurm_job_is_gone(const char *job, GCancellable *cancellable)
{
  const char *const argv[] = {"squeue", "-h", "-o", "%T", "-j", job, NULL};
  g_autoptr(GError) error = NULL;
  g_autofree char *state = kslurm_query_run(argv, GLANCE_MS, cancellable, &error);

  if (state == NULL)
    return strstr(error->message, "Invalid job id") != NULL;
  g_strstrip(state);
  return !g_str_has_prefix(state, "RUNNING") && !g_str_has_prefix(state, "SUSPENDED") &&
         !g_str_has_prefix(state, "CONFIGURING");
}

static char *
dup_answer(const char *const *argv, const char *lead, GCancellable *cancellable)
{
  g_autofree char *answer = kslurm_query_run(argv, KSLURM_QUERY_MS, cancellable, NULL);
  g_autofree char *clean = answer != NULL ? kslurm_text_clean(g_strstrip(answer)) : NULL;

  if (clean == NULL || clean[0] == '\0')
    return NULL;
  g_strdelimit(clean, "\n", ' ');
  return g_strdup_printf("%s %s", lead, clean);
}

static char *
advise_account(const char *partition, GCancellable *cancellable)
{
  g_autoptr(GPtrArray) accounts = kslurm_accounts_query(cancellable, NULL);
  g_autoptr(GString) names = g_string_new(NULL);

  if (accounts == NULL || accounts->len == 0)
    return NULL;
  for (guint i = 0; i < accounts->len; i++)
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                           ((KslurmAccount *)accounts->pdata[i])->name);
  return g_strdup_printf(_("your accounts are: %s; choose one with '-a ACCOUNT' or "
                           "'kslurm config account -i'"),
                         names->str);
}

static char *
advise_time(const char *partition, GCancellable *cancellable)
{
  const char *const all[] = {"sinfo", "-h", "-o", "%P %l", NULL};
  const char *const one[] = {"sinfo", "-h", "-o", "%P %l", "-p", partition, NULL};

  return dup_answer(partition != NULL ? one : all,
                    _("the partitions' limits (days-hours:minutes:seconds):"), cancellable);
}

static char *
advise_partition(const char *partition, GCancellable *cancellable)
{
  const char *const argv[] = {"sinfo", "-h", "-o", "%R", NULL};

  return dup_answer(argv, _("the partitions are:"), cancellable);
}

static char *
advise_size(const char *partition, GCancellable *cancellable)
{
  const char *const argv[] = {"sinfo", "-h", "-o", "%R:%c:%m:%G", NULL};

  return dup_answer(argv, _("what nodes have (partition:cpus:megabytes:gpus):"),
                    cancellable);
}

static const struct {
  const char *needle;
  char *(*advise)(const char *partition, GCancellable *cancellable);
} advices[] = {{"Invalid account", advise_account},
               {"time limit is invalid", advise_time},
               {"Invalid partition name", advise_partition},
               {"node configuration is not available", advise_size},
               {"More processors requested than permitted", advise_size},
               {"generic resource", advise_size}};

/**
 * kslurm_slurm_dup_advice: (skip)
 * @message: what Slurm wrote when it refused a job
 * @partition: (nullable): the partition that was asked for
 * @cancellable: (nullable): ends the questions
 *
 * Returns: (transfer full) (nullable): a sentence on what to do next
 */
char *
kslurm_slurm_dup_advice(const char *message,
                        const char *partition,
                        GCancellable *cancellable)
{
  for (gsize i = 0; i < G_N_ELEMENTS(advices); i++)
    if (strstr(message, advices[i].needle) != NULL)
      return advices[i].advise(partition, cancellable);
  return g_strdup(kslurm_query_advise(message));
}
