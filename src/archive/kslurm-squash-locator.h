/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmSquashLocator KslurmSquashLocator;

KslurmSquashLocator *kslurm_squash_locator_new(const char *const *places,
                                               const char *const *hits,
                                               GError **error);
void kslurm_squash_locator_free(KslurmSquashLocator *locator);

gboolean
kslurm_squash_locator_wants(KslurmSquashLocator *locator, const char *name, guint64 size);
GBytes *
kslurm_squash_locator_apply(KslurmSquashLocator *locator, const char *name, GBytes *bytes);
char *kslurm_squash_locator_dup_target(KslurmSquashLocator *locator,
                                       const char *name,
                                       const char *target);
GHashTable *kslurm_squash_locator_get_changed(KslurmSquashLocator *locator);
const GPtrArray *kslurm_squash_locator_get_unknown(KslurmSquashLocator *locator);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmSquashLocator, kslurm_squash_locator_free)

G_END_DECLS
