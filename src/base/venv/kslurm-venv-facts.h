/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmVenvFacts: (skip)
 * @name: (nullable): as it was saved
 * @python: the version, "3.11.7", as pyvenv.cfg says
 * @machine: as 'uname -m' says
 * @base: (nullable): the interpreter that bin/python finally links to
 * @places: (array zero-terminated=1): the logical and the real spelling of its path; none
 *   when the path is no UTF-8
 * @packages: (array zero-terminated=1): "numpy==1.26.4", sorted
 * @hits: (nullable) (array zero-terminated=1): relative names of files and symlinks that
 *   hold a place, or %NULL when nobody searched
 * @bytes: what its files hold
 * @files: how many entries it has
 * @created: when it was saved, in seconds since 1970
 *
 * What is known about an environment, and kept with its archive.
 */
typedef struct {
  char *name;
  char *python;
  char *machine;
  char *base;
  char **places;
  char **packages;
  char **hits;
  guint64 bytes;
  guint64 files;
  gint64 created;
} KslurmVenvFacts;

KslurmVenvFacts *kslurm_venv_facts_read(const char *prefix, GError **error);

char *kslurm_venv_facts_to_json(const KslurmVenvFacts *facts);

KslurmVenvFacts *
kslurm_venv_facts_from_json(const char *data, gssize length, GError **error);

void kslurm_venv_facts_free(KslurmVenvFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmVenvFacts, kslurm_venv_facts_free)

G_END_DECLS
