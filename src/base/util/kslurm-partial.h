/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmPartial KslurmPartial;

KslurmPartial *kslurm_partial_new(const char *path, int mode, GError **error);
int kslurm_partial_get_fd(KslurmPartial *partial);
gboolean kslurm_partial_publish(KslurmPartial *partial, gboolean replace, GError **error);
gboolean kslurm_partial_set_exists(GError **error, const char *path);
char *kslurm_partial_make_folder(const char *path, GError **error);
void kslurm_partial_free(KslurmPartial *partial);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmPartial, kslurm_partial_free)

G_END_DECLS
