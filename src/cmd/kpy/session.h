/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"
#include "base/config/kslurm-config.h"
#include "base/venv/kslurm-venv-index.h"
#include "base/venv/kslurm-venv-store.h"

G_BEGIN_DECLS

/* what a verb of kpy works with; the store and the index are opened when first asked for */
typedef struct {
  KslurmCall *call; /* borrowed */
  KslurmConfig *config;
  char **environ;
  KslurmVenvStore *store;
  KslurmVenvIndex *index;
  gboolean compute; /* runs on a compute node */
  gboolean network; /* which has internet, or is none */
} KpySession;

KpySession *kpy_session_new(KslurmCall *call, GError **error);
void kpy_session_free(KpySession *session);

KslurmVenvStore *kpy_session_get_store(KpySession *session, GError **error);
KslurmVenvIndex *kpy_session_get_index(KpySession *session, GError **error);
char *kpy_session_dup_wheels(KpySession *session, GError **error);

char *kpy_session_dup_enter(KpySession *session, const char *name, const char *prefix);
const char *kpy_session_find_active(KpySession *session);
const char *kpy_session_get_active(KpySession *session, GError **error);

int kpy_session_enter(KpySession *session, const char *prefix, GError **error);
void kpy_session_show_prompt(KpySession *session, const char *prefix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KpySession, kpy_session_free)

G_END_DECLS
