/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-answer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-quote.h"

/**
 * kslurm_answer_dup_job: (skip)
 * @output: what 'sbatch --parsable' wrote so far
 *
 * The id is a line by itself; a federation adds ';CLUSTER'. A site's wrapper may have
 * written before it, and a line that has no end may be half an id.
 *
 * Returns: (transfer full) (nullable): the job's id
 */
char *
kslurm_answer_dup_job(const char *output)
{
  const char *end = NULL;

  for (const char *line = output; (end = strchr(line, '\n')) != NULL; line = end + 1) {
    gsize digits = strspn(line, "0123456789");

    if (digits > 0 && (line[digits] == '\n' || line[digits] == ';'))
      return g_strndup(line, digits);
  }
  return NULL;
}

static gboolean
has_any(const char *text, const char *const *signs)
{
  for (gsize i = 0; signs[i] != NULL; i++)
    if (strstr(text, signs[i]) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * kslurm_answer_is_refusal: (skip)
 * @errors: what 'sbatch --test-only' wrote
 *
 * Returns: whether that is the controller's no; all else means that it was not asked
 */
gboolean
kslurm_answer_is_refusal(const char *errors)
{
  static const char *const signs[] = {"allocation failure", "Invalid", NULL};

  return has_any(errors, signs);
}

/**
 * kslurm_answer_is_lost: (skip)
 * @errors: what sbatch wrote when it gave no job
 *
 * Returns: whether the request had left by then, so that the job may be there
 */
gboolean
kslurm_answer_is_lost(const char *errors)
{
  static const char *const signs[] = {
      "timed out",   "Zero Bytes",        "Unexpected message", "reset by peer",
      "Broken pipe", "(receive failure)", "(shutdown failure)", NULL};

  return has_any(errors, signs);
}

/**
 * kslurm_answer_dup_look: (skip)
 * @name: (nullable): the job's name
 *
 * Returns: (transfer full): how to look for a job whose id was lost
 */
char *
kslurm_answer_dup_look(const char *name)
{
  g_autofree char *quoted =
      name != NULL ? kslurm_shell_quote(KSLURM_DIALECT_BASH, name) : NULL;

  return g_strdup_printf(
      _("the job may have been accepted all the same; before you submit it again, look "
        "for it: squeue --me%s%s"),
      name != NULL ? " --name=" : "", name != NULL ? quoted : "");
}
