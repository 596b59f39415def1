/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* where an environment was, and where it is now */
typedef struct _KslurmRelocation KslurmRelocation;

typedef enum {
  KSLURM_RELOCATED_NOT,
  KSLURM_RELOCATED_YES,
  KSLURM_RELOCATED_UNKNOWN
} KslurmRelocated;

gboolean kslurm_relocation_check_place(const char *to, GError **error);
KslurmRelocation *
kslurm_relocation_new(const char *const *places, const char *to, GError **error);

void kslurm_relocation_free(KslurmRelocation *relocation);

KslurmRelocated kslurm_relocation_apply(KslurmRelocation *relocation,
                                        const char *name,
                                        GBytes *bytes,
                                        GBytes **changed);

char *kslurm_relocation_dup_target(KslurmRelocation *relocation, const char *target);

gboolean kslurm_relocation_is_plain(KslurmRelocation *relocation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmRelocation, kslurm_relocation_free)

G_END_DECLS
