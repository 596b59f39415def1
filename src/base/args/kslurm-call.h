/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-arg.h"
#include "base/util/kslurm-progress.h"

G_BEGIN_DECLS

/* what one row was given */
typedef struct {
  const KslurmArg *arg;
  char *value; /* NULL for a flag */
  char *typed; /* as the user wrote it, for messages: "--mem=4G" */
} KslurmGiven;

/* one option that is passed on, ready for the other program's vector */
typedef struct {
  const KslurmForeign *option; /* NULL: an option that our table does not know */
  char *value;                 /* NULL without a value */
  char *text;                  /* one word: "--partition=debug", "-n4" */
} KslurmForeignUse;

KslurmCall *kslurm_call_new(const KslurmVerb *program, const char *const *argv);
void kslurm_call_free(KslurmCall *call);

gboolean kslurm_call_scan(KslurmCall *call, GError **error);

const KslurmVerb *kslurm_call_get_program(KslurmCall *call);
const KslurmVerb *kslurm_call_get_verb(KslurmCall *call);

gboolean kslurm_call_has(KslurmCall *call, const char *name);
const char *kslurm_call_get(KslurmCall *call, const char *name);
const char *kslurm_call_get_typed(KslurmCall *call, const char *name);
guint kslurm_call_count(KslurmCall *call, const char *name);
const char *kslurm_call_get_nth(KslurmCall *call, const char *name, guint n);

const char *const *kslurm_call_get_rest(KslurmCall *call);
GPtrArray *kslurm_call_get_foreign(KslurmCall *call);

KslurmProgress *kslurm_call_get_progress(KslurmCall *call);

gpointer kslurm_call_get_data(KslurmCall *call);
void kslurm_call_set_data(KslurmCall *call, gpointer data, GDestroyNotify destroy);

void kslurm_call_note(KslurmCall *call, const char *format, ...) G_GNUC_PRINTF(2, 3);

void kslurm_call_print_notes(KslurmCall *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmCall, kslurm_call_free)

G_END_DECLS
