/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* gives the content of a file that changed, named relative to the environment, or NULL */
typedef GBytes *(*KslurmRecordLookup)(const char *name, gpointer data);

char *kslurm_venv_record_dup_hash(GBytes *bytes);

char *kslurm_venv_record_update(const char *text,
                                const char *site,
                                KslurmRecordLookup lookup,
                                gpointer data);

G_END_DECLS
