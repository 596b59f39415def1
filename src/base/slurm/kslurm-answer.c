/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-answer.h"

#include <string.h>

static gboolean
is_job_line(const char *line, gsize digits)
{
  return digits > 0 && (line[digits] == '\n' || line[digits] == ';') &&
         strchr(line + digits, '\n') != NULL;
}

/**
 * kslurm_answer_dup_job: (skip)
 * @output: what 'sbatch --parsable' wrote to stdout, so far
 *
 * Finds the first whole line that is a job's id; a federation adds ';CLUSTER'. A site's
 * wrapper may greet before it, and must not cost us the job.
 *
 * Returns: (transfer full) (nullable): the id
 */
char *
kslurm_answer_dup_job(const char *output)
{
  const char *line = output;

  while (line != NULL) {
    gsize digits = strspn(line, "0123456789");

    if (is_job_line(line, digits))
      return g_strndup(line, digits);
    line = strchr(line, '\n');
    line = line != NULL ? line + 1 : NULL;
  }
  return NULL;
}

/**
 * kslurm_answer_may_be_lost: (skip)
 * @errors: what sbatch wrote to stderr when it gave no job
 *
 * Returns: whether the request had left, so that the job may have been accepted
 */
gboolean
kslurm_answer_may_be_lost(const char *errors)
{
  static const char *const signs[] = {
      "timed out",   "Zero Bytes",        "Unexpected message", "reset by peer",
      "Broken pipe", "(receive failure)", "(shutdown failure)"};

  for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
    if (strstr(errors, signs[i]) != NULL)
      return TRUE;
  return FALSE;
}
