/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-scratch.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/slurm/kslurm-query.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-process.h"
#include "base/util/kslurm-text.h"
#include "base/util/kslurm-tree.h"

#define MARK ".slurm-conf"

static char *
dup_prefix(void)
{
  return g_strdup_printf("kslurm-%u-", (guint)geteuid());
}

static gboolean
is_own_folder(const char *path)
{
  struct stat st;

  return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

static const char *
get_cluster(const char *const *environ)
{
  const char *conf = g_environ_getenv((char **)environ, "SLURM_CONF");

  return conf != NULL ? conf : "";
}

/**
 * kslurm_scratch_mark: (skip)
 * @path: a job's scratch
 * @environ: (array zero-terminated=1): the environment
 *
 * Writes down whose job it is: another cluster (a private one, say, that runs on the same
 * machine) knows nothing of the jobs of this one, and must not take them for ended.
 */
void
kslurm_scratch_mark(const char *path, const char *const *environ)
{
  g_autofree char *mark = g_build_filename(path, MARK, NULL);

  g_file_set_contents(mark, get_cluster(environ), -1, NULL);
}

static gboolean
is_of_cluster(const char *path, const char *const *environ)
{
  g_autofree char *mark = g_build_filename(path, MARK, NULL);
  g_autofree char *conf = NULL;

  return g_file_get_contents(mark, &conf, NULL, NULL) &&
         g_str_equal(conf, get_cluster(environ));
}

static int
compare(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/**
 * kslurm_scratch_find_stale: (skip)
 * @base: the folder for temporary files
 * @jobs: (array zero-terminated=1): the ids of jobs that Slurm knows
 * @environ: (array zero-terminated=1): the environment, which names the cluster
 *
 * Returns: (transfer full): the folders in @base that were scratch of other jobs of this
 *   user on this cluster, sorted
 */
char **
kslurm_scratch_find_stale(const char *base,
                          const char *const *jobs,
                          const char *const *environ)
{
  g_autoptr(GDir) folder = g_dir_open(base, 0, NULL);
  g_autofree char *prefix = dup_prefix();
  GPtrArray *stale = g_ptr_array_new();
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *path = g_build_filename(base, name, NULL);
    const char *job = name + strlen(prefix);

    if (g_str_has_prefix(name, prefix) && job[0] != '\0' &&
        job[strspn(job, "0123456789")] == '\0' && !g_strv_contains(jobs, job) &&
        is_own_folder(path) && is_of_cluster(path, environ))
      g_ptr_array_add(stale, g_steal_pointer(&path));
  }
  g_ptr_array_sort(stale, compare);
  g_ptr_array_add(stale, NULL);
  return (char **)g_ptr_array_free(stale, FALSE);
}

/* the node's own cluster is asked */
static char **
dup_environ(const char *const *environ)
{
  return g_environ_unsetenv(kslurm_query_clear_environ(g_strdupv((char **)environ)),
                            "SLURM_CLUSTERS");
}

static char **
list_jobs(const char *const *environ, GCancellable *cancellable, GError **error)
{
  g_autofree char *user = g_strdup_printf("%u", (guint)geteuid());
  const char *const argv[] = {"squeue", "-h", "-t", "all", "-u", user, "-o", "%A", NULL};
  g_auto(GStrv) envp = dup_environ(environ);
  const KslurmProcessSpec spec = {
      .argv = argv, .envp = (const char *const *)envp, .timeout_ms = KSLURM_QUERY_MS};
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, cancellable, error);
  g_autofree char *message = NULL;

  if (result == NULL)
    return NULL;
  if (result->status == 0)
    return g_strsplit_set(g_strstrip(result->output), "\n", -1);
  message = kslurm_text_clean(g_strstrip(result->errors));
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, _("'%s' failed: %s"), "squeue",
              message);
  return NULL;
}

/**
 * kslurm_scratch_list_stale: (skip)
 * @environ: (array zero-terminated=1): the environment
 * @cancellable: (nullable): ends the question to Slurm
 * @error: return location
 *
 * Lists what jobs left in the folder for temporary files of this node. Slurm is asked
 * only when there is something to ask about.
 *
 * Returns: (transfer full) (nullable): folders of jobs that Slurm does not know any more,
 *   maybe none, or %NULL with @error set when Slurm does not answer
 */
char **
kslurm_scratch_list_stale(const char *const *environ,
                          GCancellable *cancellable,
                          GError **error)
{
  const char *tmpdir = g_environ_getenv((char **)environ, "TMPDIR");
  const char *job = g_environ_getenv((char **)environ, "SLURM_JOB_ID");
  const char *base = tmpdir != NULL && g_path_is_absolute(tmpdir) ? tmpdir : "/tmp";
  const char *const own[] = {job, NULL};
  g_auto(GStrv) candidates = kslurm_scratch_find_stale(base, own, environ);
  g_auto(GStrv) jobs = NULL;
  GPtrArray *stale = NULL;

  if (candidates[0] == NULL)
    return g_steal_pointer(&candidates);
  jobs = list_jobs(environ, cancellable, error);
  if (jobs == NULL)
    return NULL;
  /* of those that were there before Slurm was asked: a new job's folder is not stale */
  stale = g_ptr_array_new();
  for (gsize i = 0; candidates[i] != NULL; i++) {
    const char *id = strrchr(candidates[i], '-') + 1;

    if (!g_strv_contains((const char *const *)jobs, id))
      g_ptr_array_add(stale, g_strdup(candidates[i]));
  }
  g_ptr_array_add(stale, NULL);
  return (char **)g_ptr_array_free(stale, FALSE);
}

/**
 * kslurm_scratch_remove_stale: (skip)
 * @paths: (array zero-terminated=1): folders of kslurm_scratch_list_stale()
 * @error: return location
 *
 * Returns: whether all are gone; otherwise @error says what stayed first
 */
gboolean
kslurm_scratch_remove_stale(const char *const *paths, GError **error)
{
  g_autoptr(GError) first = NULL;

  for (gsize i = 0; paths[i] != NULL; i++)
    if (is_own_folder(paths[i]))
      kslurm_tree_remove(paths[i], first == NULL ? &first : NULL);
  if (first == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&first));
  return FALSE;
}
