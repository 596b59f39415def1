/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/venv/kslurm-venv-index.h"

G_BEGIN_DECLS

struct _KslurmVenvIndex {
  char *tmp;
  char *path;
  char *notice;
  GPtrArray *marks;
};

#define KSLURM_VENV_FOLDER "kslurm-venv-"

gboolean kslurm_venv_index_is_marked(KslurmVenvIndex *index, const char *prefix);

GPtrArray *kslurm_venv_index_new_marks(void);

GHashTable *kslurm_venv_index_parse(const char *data, gssize length, GError **error);

char *kslurm_venv_index_to_json(GHashTable *places);

GHashTable *kslurm_venv_index_load(KslurmVenvIndex *index, GError **error);

GHashTable *kslurm_venv_index_load_locked(KslurmVenvIndex *index, GError **error);

gboolean
kslurm_venv_index_store(KslurmVenvIndex *index, GHashTable *places, GError **error);

G_END_DECLS
