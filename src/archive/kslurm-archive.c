/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-archive.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sched.h>

#include "archive/kslurm-frames.h"
#include "base/util/kslurm-autofd.h"
#include "base/util/kslurm-error-private.h"

#define MAX_WORKERS 8
#define MAX_WORKERS_LOGIN 4
#define MAX_CPUS (1u << 16)

static KslurmVenvFacts *
read_facts(int fd, GError **error)
{
  gsize length = 0;
  g_autofree char *json = kslurm_frames_read_facts(fd, &length, error);

  return json != NULL ? kslurm_venv_facts_from_json(json, (gssize)length, error) : NULL;
}

/**
 * kslurm_archive_read_facts: (skip)
 * @path: an archive
 * @error: return location
 *
 * Reads what an archive says about its environment. That is at its begin: neither the rest
 * of it is read, nor is it known to be whole.
 *
 * Returns: (transfer full) (nullable): the facts, or %NULL with @error set:
 * %KSLURM_ERROR_UNSUPPORTED when it is an archive without them
 */
KslurmVenvFacts *
kslurm_archive_read_facts(const char *path, GError **error)
{
  kslurm_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  KslurmVenvFacts *facts = NULL;

  if (fd < 0) {
    kslurm_set_errno(error, errno, _("cannot read '%s'"), path);
    return NULL;
  }
  if (!kslurm_frames_is_ours(fd)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                _("'%s' does not say what it holds; load it to see"), path);
    return NULL;
  }
  facts = read_facts(fd, error);
  if (facts == NULL)
    g_prefix_error(error, "'%s': ", path);
  return facts;
}

/* GLib's own count knows nothing of the affinity */
static guint
count_affine(void)
{
  for (guint cpus = CPU_SETSIZE; cpus <= MAX_CPUS; cpus *= 2) {
    gsize size = CPU_ALLOC_SIZE(cpus);
    g_autofree cpu_set_t *set = g_malloc0(size);

    if (sched_getaffinity(0, size, set) == 0)
      return (guint)CPU_COUNT_S(size, set);
  }
  return g_get_num_processors();
}

/**
 * kslurm_archive_count_workers: (skip)
 * @login: whether this node is shared by those who log in
 *
 * Says how many threads to use here: as many as we may run at once, within reason.
 *
 * Returns: at least one
 */
guint
kslurm_archive_count_workers(gboolean login)
{
  return CLAMP(count_affine(), 1, login ? MAX_WORKERS_LOGIN : MAX_WORKERS);
}
