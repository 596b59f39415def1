/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/venv/kslurm-venv-index.h"

G_BEGIN_DECLS

struct _KslurmVenvIndex {
  char *tmp;
  char *path;
  char *notice;
};

GHashTable *kslurm_venv_index_parse(const char *data, gssize length, GError **error);

char *kslurm_venv_index_to_json(GHashTable *places);

GHashTable *kslurm_venv_index_load(KslurmVenvIndex *index, GError **error);

GHashTable *kslurm_venv_index_load_locked(KslurmVenvIndex *index, GError **error);

gboolean
kslurm_venv_index_store(KslurmVenvIndex *index, GHashTable *places, GError **error);

G_END_DECLS
