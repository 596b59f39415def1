/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmVenvIndex KslurmVenvIndex;

KslurmVenvIndex *kslurm_venv_index_open(const char *tmp);

char *
kslurm_venv_index_dup_prefix(KslurmVenvIndex *index, const char *name, GError **error);

char **kslurm_venv_index_list_names(KslurmVenvIndex *index, GError **error);

gboolean kslurm_venv_index_add(KslurmVenvIndex *index,
                               const char *name,
                               const char *prefix,
                               GError **error);

gboolean kslurm_venv_index_remove(KslurmVenvIndex *index, const char *name, GError **error);

gboolean kslurm_venv_index_rename(KslurmVenvIndex *index,
                                  const char *name,
                                  const char *to,
                                  GError **error);

const char *kslurm_venv_index_get_notice(KslurmVenvIndex *index);

char *
kslurm_venv_index_make_prefix(KslurmVenvIndex *index, const char *name, GError **error);

char **kslurm_venv_index_list_left(KslurmVenvIndex *index, GError **error);
gboolean
kslurm_venv_index_remove_left(KslurmVenvIndex *index, const char *prefix, GError **error);

void kslurm_venv_index_unmark(KslurmVenvIndex *index, const char *prefix);

void kslurm_venv_index_free(KslurmVenvIndex *index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmVenvIndex, kslurm_venv_index_free)

G_END_DECLS
