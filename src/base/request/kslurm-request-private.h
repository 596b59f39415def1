/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-call.h"
#include "base/request/kslurm-request.h"

G_BEGIN_DECLS

struct _KslurmRequest {
  KslurmRequestKind kind;
  GPtrArray *settings; /* KslurmSetting */
  GPtrArray *notes;    /* char *, NULL last */
  char **command;
  char **options; /* flags that were given */
  char *directory;
  char *venv;
};

GPtrArray *kslurm_request_get_settings(KslurmRequest *request);

gboolean kslurm_request_read_words(GPtrArray *settings,
                                   const char *text,
                                   KslurmConfig *config,
                                   GError **error);

KslurmRequest *kslurm_request_new_from_call(KslurmRequestKind kind,
                                            KslurmCall *call,
                                            KslurmConfig *config,
                                            GError **error);

extern const KslurmArg kslurm_args_words[];
extern const KslurmArg kslurm_args_request[];
extern const KslurmArg kslurm_args_krun[];
extern const KslurmArg kslurm_args_kbatch[];

extern const KslurmArg *const kslurm_krun_args[];
extern const KslurmArg *const kslurm_kbatch_args[];

G_END_DECLS
