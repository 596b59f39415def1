/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/stat.h>

#include "base/venv/kslurm-venv-store.h"

G_BEGIN_DECLS

struct _KslurmVenvStore {
  char *pipdir;
  char *folder;
  KslurmFactsReader reader;
};

/* what an archive was when something was learnt of it */
typedef struct {
  guint64 size;
  gint64 mtime;
} KslurmVenvKey;

static inline KslurmVenvKey
kslurm_venv_key(const struct stat *st)
{
  KslurmVenvKey key = {(guint64)st->st_size,
                       (gint64)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec};

  return key;
}

static inline gboolean
kslurm_venv_key_equal(KslurmVenvKey a, KslurmVenvKey b)
{
  return a.size == b.size && a.mtime == b.mtime;
}

/* one line of the summary: what a list shows of one archive */
typedef struct {
  KslurmVenvKey key;
  char *python;
  guint n_packages;
  gint64 created;
} KslurmVenvSummary;

void kslurm_venv_summary_free(KslurmVenvSummary *summary);

GHashTable *kslurm_venv_summaries_read(KslurmVenvStore *store);

void kslurm_venv_summaries_write(KslurmVenvStore *store, GHashTable *summaries);

char *
kslurm_venv_store_dup_file(KslurmVenvStore *store, const char *name, const char *ending);

const char *kslurm_venv_store_get_ending(const char *file);

G_END_DECLS
