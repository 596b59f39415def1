/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/request/kslurm-request-private.h"

G_BEGIN_DECLS

/* what the words' rows fill while a call is scanned */
typedef struct {
  GPtrArray *settings; /* KslurmSetting */
  char *gpu_kind;
  guint gpus;
  char *cwd;
  char *directory;
  KslurmIsDirectory is_directory;
  gpointer data;
} KslurmWords;

void kslurm_words_set_world(KslurmCall *call,
                            const char *cwd,
                            KslurmIsDirectory is_directory,
                            gpointer data);
KslurmWords *kslurm_words_of_call(KslurmCall *call);

void kslurm_words_set(KslurmCall *call,
                      const KslurmArg *arg,
                      const char *option,
                      const char *value,
                      const char *text);
KslurmTake kslurm_words_refuse(GError **error, const char *text, const char *sentence);

G_END_DECLS
