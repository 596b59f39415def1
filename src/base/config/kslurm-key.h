/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* a setting that kslurm reads; a name that ends in '.' is a family */
typedef struct {
  const char *name;
  const char *shape; /* N_() */
  const char *help;  /* N_() */
  gboolean (*check)(const char *value);
} KslurmKey;

extern const KslurmKey kslurm_keys[];

const KslurmKey *kslurm_key_find(const char *name);
const char *kslurm_key_find_closest(const char *name);
gboolean kslurm_key_check(const char *name, const char *value, GError **error);
gboolean kslurm_key_split(const char *name, char **group, char **key, GError **error);
char *kslurm_key_dup_variable(const char *name);

G_END_DECLS
