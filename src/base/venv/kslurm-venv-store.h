/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/venv/kslurm-venv-facts.h"

G_BEGIN_DECLS

typedef struct _KslurmVenvStore KslurmVenvStore;

/**
 * KslurmVenvEntry: (skip)
 * @name: the environment's name
 * @path: its archive
 * @size: of the archive, in bytes
 * @modified: when the archive was made, in seconds since 1970
 * @python: (nullable): the version, or %NULL when it is not known
 * @n_packages: how many it has, 0 when that is not known
 * @created: when it was saved, in seconds since 1970, 0 when that is not known
 */
typedef struct {
  char *name;
  char *path;
  guint64 size;
  gint64 modified;
  char *python;
  guint n_packages;
  gint64 created;
} KslurmVenvEntry;

/**
 * KslurmFactsReader: (skip)
 * @path: an archive
 * @error: return location
 *
 * Reads facts from the archive itself, which the layer above can do.
 *
 * Returns: (transfer full) (nullable): the facts, or %NULL with @error set
 */
typedef KslurmVenvFacts *(*KslurmFactsReader)(const char *path, GError **error);

KslurmVenvStore *kslurm_venv_store_new(const char *pipdir, KslurmFactsReader reader);

char *kslurm_venv_store_dup_path(KslurmVenvStore *store, const char *name);

char *kslurm_venv_store_find(KslurmVenvStore *store, const char *name, GError **error);

gboolean kslurm_venv_store_make(KslurmVenvStore *store, GError **error);

char **kslurm_venv_store_list_names(KslurmVenvStore *store);

GPtrArray *kslurm_venv_store_list(KslurmVenvStore *store, GError **error);

KslurmVenvFacts *
kslurm_venv_store_read_facts(KslurmVenvStore *store, const char *name, GError **error);

gboolean kslurm_venv_store_write_facts(KslurmVenvStore *store,
                                       const char *name,
                                       const KslurmVenvFacts *facts,
                                       GError **error);

gboolean
kslurm_venv_store_remove_older(KslurmVenvStore *store, const char *name, GError **error);
gboolean kslurm_venv_store_remove(KslurmVenvStore *store, const char *name, GError **error);

gboolean kslurm_venv_store_rename(KslurmVenvStore *store,
                                  const char *name,
                                  const char *to,
                                  GError **error);

void kslurm_venv_store_free(KslurmVenvStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmVenvStore, kslurm_venv_store_free)

G_END_DECLS
