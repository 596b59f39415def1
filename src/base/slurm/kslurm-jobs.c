/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-jobs.h"

#include <string.h>
#include <unistd.h>

#include "base/slurm/kslurm-query.h"
#include "base/util/kslurm-text.h"

#define LIMIT_MS 2000 /* somebody has pressed Tab and waits */

static void
add(GPtrArray *jobs, GHashTable *seen, const char *id, const char *name)
{
  if (g_hash_table_add(seen, g_strdup(id)))
    g_ptr_array_add(jobs, g_strdup_printf("%s\t%s", id, name));
}

/* 12, 12_3, 12_[4-9%2] (what waits of an array), 12+0 (a part of a heterogeneous job) */
static void
add_line(GPtrArray *jobs, GHashTable *seen, const char *line)
{
  gsize digits = strspn(line, "0123456789");
  gsize task = line[digits] == '_' ? strspn(line + digits + 1, "0123456789") : 0;
  const char *blank = strchr(line, ' ');
  g_autofree char *id = g_strndup(line, digits);
  g_autofree char *name = NULL;

  if (digits == 0 || blank == NULL)
    return;
  name = g_strdelimit(g_strdup(blank + 1), "\t", ' ');
  add(jobs, seen, id, name);
  if (task > 0) {
    g_autofree char *task_id = g_strndup(line, digits + 1 + task);

    add(jobs, seen, task_id, name);
  }
}

/**
 * kslurm_jobs_parse: (skip)
 * @text: squeue's lines: an id, a blank, a name
 *
 * Returns: (transfer full): what '--after' takes, with a tab and the job's name: each job
 *   once, of an array the whole and the tasks that stand alone
 */
char **
kslurm_jobs_parse(const char *text)
{
  g_autofree char *clean = kslurm_text_clean(text);
  g_auto(GStrv) lines = g_strsplit(clean, "\n", -1);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *jobs = g_ptr_array_new();

  for (gsize i = 0; lines[i] != NULL; i++)
    add_line(jobs, seen, lines[i]);
  g_ptr_array_add(jobs, NULL);
  return (char **)g_ptr_array_free(jobs, FALSE);
}

/**
 * kslurm_jobs_list_own: (skip)
 *
 * Asks Slurm for the user's jobs that have not ended, for two seconds at most.
 *
 * Returns: (transfer full) (nullable): as kslurm_jobs_parse() gives them, %NULL without an
 *   answer
 */
char **
kslurm_jobs_list_own(void)
{
  g_autofree char *user = g_strdup_printf("%u", getuid());
  const char *const argv[] = {"squeue", "-h", "-u", user, "-o", "%i %j", NULL};
  g_autofree char *lines = kslurm_query_run(argv, LIMIT_MS, NULL, NULL);

  return lines != NULL ? kslurm_jobs_parse(lines) : NULL;
}
